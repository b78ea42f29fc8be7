import { afterEach, expect, test } from '@jest/globals';
import bolt from '@slack/bolt';
import { REHEARSAL_APP_TOKEN, REHEARSAL_BOT_TOKEN } from '../../src/rehearsal/seed.ts';
import type { Rehearsal } from '../../src/rehearsal/server.ts';
import type { Envelope } from '../../src/rehearsal/socket.ts';
import { clientOf, standIn } from './stand-in.ts';

const started: bolt.App[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((app) => app.stop()));
});

async function connect({ url }: Rehearsal, answers: (app: bolt.App) => void = () => undefined): Promise<bolt.App> {
  const app = new bolt.App({
    token: REHEARSAL_BOT_TOKEN,
    appToken: REHEARSAL_APP_TOKEN,
    socketMode: true,
    clientOptions: { slackApiUrl: `${url}/api/` },
    logLevel: bolt.LogLevel.ERROR,
  });
  answers(app);
  await app.start();
  started.push(app);
  return app;
}

const command = ({ state }: Rehearsal, timeoutMs = 2000): Envelope => ({
  type: 'slash_commands',
  acceptsResponsePayload: true,
  timeoutMs,
  payload: {
    command: '/accord',
    text: 'help',
    user_id: 'U0ANA00001',
    channel_id: 'C0PROMISES',
    team_id: state.team.id,
    trigger_id: '1.2.x',
    api_app_id: state.app.appId,
    response_url: 'http://127.0.0.1:1/',
    token: state.app.verificationToken,
  },
});

test("Bolt connects in Socket Mode, and the listener's answer comes back with the acknowledgement", async () => {
  const rehearsal = await standIn();
  await connect(rehearsal, (app) =>
    app.command('/accord', async ({ ack, command: { text } }) => ack(`usage of ${text}`)),
  );
  expect(rehearsal.workspace.sockets.count()).toBe(1);
  expect(await rehearsal.workspace.sockets.send(command(rehearsal))).toEqual({
    status: 'acked',
    payload: { text: 'usage of help' },
  });
});

test('with two clients each envelope goes to one of them, in turn', async () => {
  const rehearsal = await standIn();
  const heard: string[] = [];
  const listen = (name: string) => (app: bolt.App) =>
    app.command('/accord', async ({ ack }) => {
      heard.push(name);
      await ack();
    });
  await connect(rehearsal, listen('one'));
  await connect(rehearsal, listen('two'));
  for (let sent = 0; sent < 4; sent += 1) await rehearsal.workspace.sockets.send(command(rehearsal));
  expect(heard.toSorted()).toEqual(['one', 'one', 'two', 'two']);
});

test('a listener that never acknowledges is a timeout', async () => {
  const rehearsal = await standIn();
  await connect(rehearsal, (app) => app.command('/accord', async () => undefined));
  expect(await rehearsal.workspace.sockets.send(command(rehearsal, 100))).toEqual({ status: 'timeout' });
});

test('with nobody connected there is nobody to tell; who leaves before answering is told of at once', async () => {
  const rehearsal = await standIn();
  expect(await rehearsal.workspace.sockets.send(command(rehearsal))).toEqual({ status: 'no_client' });
  const app = await connect(rehearsal, (one) => one.command('/accord', async () => app.stop().then(() => undefined)));
  expect(await rehearsal.workspace.sockets.send(command(rehearsal, 20_000))).toEqual({ status: 'no_client' });
  expect(rehearsal.workspace.sockets.count()).toBe(0);
});

test('an address for a connection is good once', async () => {
  const rehearsal = await standIn();
  const { url = '' } = await clientOf(rehearsal, REHEARSAL_APP_TOKEN).apps.connections.open({});
  const closed = (socket: WebSocket) => new Promise((resolve) => socket.addEventListener('close', resolve));
  const first = new WebSocket(url);
  const hello = await new Promise<string>((resolve) => {
    first.addEventListener('message', ({ data }) => resolve(String(data)));
  });
  expect(JSON.parse(hello)).toMatchObject({ type: 'hello', connection_info: { app_id: 'A0ACCORD01' } });
  await closed(new WebSocket(url));
  expect(rehearsal.workspace.sockets.count()).toBe(1);
  first.close();
  await closed(first);
});
