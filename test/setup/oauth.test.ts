import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { openBot } from '../../src/bot.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { readScopes } from '../../src/setup/manifest.ts';
import { type World, world } from '../support/world.ts';

/** A bot that other workspaces can install, beside the world's own; its installer is a browser that follows nothing by itself. */
async function installable(w: World) {
  const { app } = w.rehearsal.state;
  const scopes = await readScopes();
  const server: Server = createServer((request, response) => bot.listener(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const bot = openBot({
    db: w.database.db,
    clock: w.now,
    log: pino({ level: 'silent' }),
    client: { slackApiUrl: `${w.rehearsal.url}/api/`, log: pino({ level: 'silent' }) },
    from: {
      http: {
        signingSecret: app.signingSecret,
        install: {
          clientId: app.clientId,
          clientSecret: app.clientSecret,
          publicUrl,
          scopes: [...scopes.required, ...scopes.optional],
          authorizationUrl: `${w.rehearsal.url}/oauth/v2/authorize`,
        },
      },
    },
  });
  const begin = async () => {
    const response = await fetch(`${publicUrl}/slack/install`, { redirect: 'manual' });
    return { allow: response.headers.get('location') ?? '', cookie: response.headers.get('set-cookie') ?? '' };
  };
  /** Slack sends the browser back with a code. */
  const allowed = async (allow: string) =>
    (await fetch(allow, { redirect: 'manual' })).headers.get('location') ?? 'nowhere';
  const comeBack = (back: string, cookie?: string) =>
    fetch(back, { redirect: 'manual', headers: cookie ? { cookie: cookie.split(';', 1)[0] ?? '' } : {} });
  return {
    begin,
    allowed,
    comeBack,
    async [Symbol.asyncDispose]() {
      await bot.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const forget = (w: World) => asTick(w.database.db, (trx) => trx.deleteFrom('workspace').execute());

test('a workspace is installed from its own browser, and its requests are served', async () => {
  await using w = await world();
  await forget(w);
  await using page = await installable(w);
  const { allow, cookie } = await page.begin();
  expect(cookie).toMatch(/HttpOnly/);
  const response = await page.comeBack(await page.allowed(allow), cookie);
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('Accord is installed')]);

  const [firm] = await asTick(w.database.db, (trx) => trx.selectFrom('workspace').selectAll().execute());
  expect(firm).toMatchObject({ id: 'T0RIVER001', botUserId: 'U0ACCORD01' });
  expect(firm?.scopes).toEqual(expect.arrayContaining(['chat:write', 'im:history']));
  expect((await w.ana.types('/accord help')).answer?.text).toContain('/accord with @name');
});

test('SEC10 no install without a state, from another browser, with a used or an expired one', async () => {
  await using w = await world();
  await forget(w);
  await using page = await installable(w);
  const nobody = async (response: Response) =>
    expect([response.status, await w.database.count('workspace')]).toEqual([400, 0]);

  const first = await page.begin();
  const back = new URL(await page.allowed(first.allow));
  const without = new URL(back);
  without.searchParams.delete('state');
  await nobody(await page.comeBack(without.href, first.cookie));
  await nobody(await page.comeBack(back.href));
  const second = await page.begin();
  await nobody(await page.comeBack(back.href, second.cookie));

  const slow = await page.begin();
  const late = await page.allowed(slow.allow);
  await w.moves('+1h');
  await nobody(await page.comeBack(late, slow.cookie));

  const good = await page.begin();
  const once = await page.allowed(good.allow);
  expect((await page.comeBack(once, good.cookie)).status).toBe(200);
  await forget(w);
  const again = new URL(await page.allowed((await page.begin()).allow));
  again.searchParams.set('state', new URL(once).searchParams.get('state') ?? '');
  await nobody(await page.comeBack(again.href, good.cookie));
});

test('the database holds no state in clear', async () => {
  await using w = await world();
  await using page = await installable(w);
  const { allow } = await page.begin();
  const state = new URL(allow).searchParams.get('state') ?? '';
  const kept = await w.database.db.selectFrom('installState').selectAll().execute();
  expect(state.length).toBeGreaterThan(40);
  expect(kept.length).toBe(1);
  expect(JSON.stringify(kept)).not.toContain(state);
});
