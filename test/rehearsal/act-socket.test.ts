import { setImmediate as immediate } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import bolt from '@slack/bolt';
import { REHEARSAL_APP_TOKEN, REHEARSAL_BOT_TOKEN } from '../../src/rehearsal/seed.ts';
import { handlesOf } from './bolt-app.ts';
import { standIn } from './stand-in.ts';

/** An app has left when its socket is closed, which `stop` does not wait for. */
let leave = async () => {};
afterEach(() => leave());

test('over Socket Mode a command opens a form, a field error comes back into it, and an event is heard', async () => {
  const rehearsal = await standIn();
  const app = new bolt.App({
    token: REHEARSAL_BOT_TOKEN,
    appToken: REHEARSAL_APP_TOKEN,
    socketMode: true,
    clientOptions: { slackApiUrl: `${rehearsal.url}/api/` },
    logLevel: bolt.LogLevel.ERROR,
  });
  const opened: string[] = [];
  app.command('/accord', async ({ ack, client, command }) => {
    const label = { type: 'plain_text' as const, text: 'Outcome' };
    const element = { type: 'plain_text_input' as const, action_id: 'entered' };
    await client.views.open({
      trigger_id: command.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'form',
        title: { type: 'plain_text', text: 'Prepare' },
        submit: { type: 'plain_text', text: 'Send' },
        blocks: [{ type: 'input', block_id: 'outcome', label, element }],
      },
    });
    await ack('Opened.');
  });
  app.view('form', ({ ack }) => ack({ response_action: 'errors', errors: { outcome: 'Say more.' } }));
  app.event('app_home_opened', async ({ event }) => void opened.push(event.user));
  await app.start();
  leave = async () => {
    await app.stop();
    while (rehearsal.workspace.sockets.count() > 0) await immediate();
  };

  const { acts } = handlesOf(rehearsal);
  expect(await acts('ana', { do: 'command', text: '/accord' })).toMatchObject({
    ok: true,
    answer: { text: 'Opened.' },
    modal: { view: { title: { text: 'Prepare' } } },
  });
  expect(await acts('ana', { do: 'submit', fields: { Outcome: 'Rest' } })).toMatchObject({
    errors: { outcome: 'Say more.' },
  });
  await acts('ana', { do: 'home' });
  expect(opened).toEqual(['U0ANA00001']);
});
