import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import type { InstalledApp } from './state.ts';

/** The part of an app manifest that the stand-in lives by; the rest is Slack's to check. */
const manifest = z.object({
  display_information: z.object({ name: z.string() }),
  features: z.object({
    bot_user: z.object({ display_name: z.string() }),
    slash_commands: z
      .array(
        z.object({
          command: z.string().startsWith('/'),
          description: z.string(),
          usage_hint: z.string().optional(),
          should_escape: z.boolean().default(false),
        }),
      )
      .default([]),
    shortcuts: z
      .array(
        z.object({
          name: z.string(),
          type: z.enum(['message', 'global']),
          callback_id: z.string(),
          description: z.string(),
        }),
      )
      .default([]),
  }),
  oauth_config: z.object({
    scopes: z.object({ bot: z.array(z.string()), bot_optional: z.array(z.string()).default([]) }),
  }),
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
});

export type AppManifest = Pick<InstalledApp, 'scopes' | 'commands' | 'shortcuts' | 'botEvents'> & { botName: string };

/** Reads what the app declares. Throws, with the path of what is wrong, on a manifest that Slack would refuse. */
export async function readManifest(path: URL | string): Promise<AppManifest> {
  const { features, oauth_config, settings } = manifest.parse(parse(await readFile(path, 'utf8')));
  return {
    botName: features.bot_user.display_name,
    // Whoever installs the app in the rehearsal grants the optional ones too: they are part of `bot` in a manifest.
    scopes: [...new Set([...oauth_config.scopes.bot, ...oauth_config.scopes.bot_optional])],
    commands: features.slash_commands.map(({ command, description, usage_hint, should_escape }) => ({
      command,
      description,
      usageHint: usage_hint,
      shouldEscape: should_escape,
    })),
    shortcuts: features.shortcuts.map(({ name, type, callback_id, description }) => ({
      name,
      type,
      callbackId: callback_id,
      description,
    })),
    botEvents: settings.event_subscriptions.bot_events,
  };
}
