import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readManifest } from '../../src/rehearsal/manifest.ts';
import { standIn } from './stand-in.ts';

const MANIFEST = new URL('../../manifest.yml', import.meta.url);

test('mentions reach the commands as ids', async () => {
  const { commands } = await readManifest(MANIFEST);
  expect(commands).toMatchObject([
    { command: '/accord', shouldEscape: true },
    { command: '/commit', shouldEscape: true },
  ]);
});

test('a fresh app connects over Socket Mode and shows App Home', async () => {
  const { features, settings } = parse(await readFile(MANIFEST, 'utf8'));
  expect(settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } });
  expect(features.app_home).toMatchObject({ home_tab_enabled: true, messages_tab_enabled: true });
});

test('every optional scope is among those asked for, and every event has the scope that it needs', async () => {
  const { oauth_config, settings } = parse(await readFile(MANIFEST, 'utf8'));
  const { bot, bot_optional } = oauth_config.scopes;
  expect(bot).toEqual(expect.arrayContaining(bot_optional));
  const needed: Record<string, string | undefined> = {
    user_change: 'users:read',
    team_join: 'users:read',
    channel_archive: 'channels:read',
  };
  const scopes = settings.event_subscriptions.bot_events.flatMap((event: string) => needed[event] ?? []);
  expect(bot).toEqual(expect.arrayContaining(scopes));
});

test('the installed app has what the manifest declares', async () => {
  const { state } = await standIn();
  const declared = await readManifest(MANIFEST);
  expect(state.app.scopes).toEqual(declared.scopes);
  expect(state.app.shortcuts.map(({ callbackId }) => callbackId)).toEqual([
    'commitment_from_message',
    'agenda_from_message',
  ]);
});
