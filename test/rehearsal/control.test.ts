import { expect, test } from '@jest/globals';
import { besideApp } from './bolt-app.ts';
import { clientOf, standIn } from './stand-in.ts';

test('the list of routes has a line for each that works as it stands', async () => {
  const { url } = await standIn();
  const routes = (await (await fetch(`${url}/rehearsal/`)).json()) as { method: string; path: string; curl: string }[];
  expect(routes.map(({ path }) => path)).toContain('/rehearsal/act');
  const lines = routes.filter(({ path }) => !/changes|follow|start-over/.test(path));
  for (const { method, curl } of lines) {
    const address = /http:\/\/[^\s']+/.exec(curl)?.[0] ?? '';
    const body = /-d '(.*)'$/.exec(curl)?.[1];
    const answer = await fetch(address, { method, ...(body && { body }) });
    expect([curl, answer.status]).toEqual([curl, 200]);
  }
});

test('a request that makes no sense is told what would', async () => {
  const { control } = await besideApp();
  expect(await control('nothing')).toMatchObject({ status: 404, body: { hint: 'GET /rehearsal/ lists the routes.' } });
  expect(await control('people', {})).toMatchObject({ status: 405, body: { error: 'wrong_method' } });
  expect(await control('screen')).toMatchObject({ status: 400, body: { error: 'invalid_arguments' } });
  expect(await control('screen?as=nobody')).toMatchObject({ status: 404, body: { error: 'user_not_found' } });
  const typo = await control('act', { as: 'ana', do: 'dance' });
  expect(typo).toMatchObject({ status: 400, body: { hint: expect.stringContaining('curl') } });
});

test('a person sees their own conversations, with what is unread in each', async () => {
  const { control, rehearsal } = await besideApp();
  await clientOf(rehearsal).chat.postMessage({ channel: 'U0ANA00001', text: 'For Ana' });
  await clientOf(rehearsal).chat.postMessage({ channel: 'C0PROMISES', text: 'For all' });
  const { body } = await control('screen?as=ana');
  expect(body).toMatchObject({
    me: { id: 'U0ANA00001', zone: 'America/Los_Angeles', selectable: true },
    team: { id: 'T0RIVER001', name: 'Rivermark Realty' },
    app: {
      name: 'Accord',
      botUserId: 'U0ACCORD01',
      commands: expect.arrayContaining([expect.objectContaining({ command: '/accord' })]),
    },
    modal: null,
    home: null,
    epoch: 1,
  });
  const rows = body.conversations as { name: string; unread: number; id: string }[];
  expect(rows.map(({ name, unread }) => `${name} ${unread}`).sort()).toEqual(['Accord 1', 'general 0', 'promises 1']);

  await control('read', { as: 'ana', id: 'C0PROMISES' });
  const after = (await control('screen?as=ana')).body.conversations as typeof rows;
  expect(after.find(({ name }) => name === 'promises')?.unread).toBe(0);
});

test('people and the faces one may choose', async () => {
  const { control } = await besideApp();
  const people = (await control('people')).body as unknown as { name: string; selectable: boolean }[];
  const faces = people.filter(({ selectable }) => selectable).map(({ name }) => name);
  expect(faces).toEqual(['dana', 'ana', 'marcus', 'kiran', 'mia', 'otto']);
});

test('mentions, dates and links are read as words in the reader’s zone', async () => {
  const { rehearsal, sees } = await besideApp();
  const at = Date.parse('2027-03-24T16:00:00Z') / 1000;
  await clientOf(rehearsal).chat.postMessage({
    channel: 'C0PROMISES',
    text: `<@U0DANA0001> and <#C0GENERAL1> at <!date^${at}^{date_num} {time}|then>: *bold* <https://example.com|the page> &amp; more`,
  });
  expect(await sees('ana', '#promises')).toContain('@Dana and #general at 2027-03-24 9:00 AM: bold the page & more');
  expect(await sees('kiran', '#promises')).toContain('at 2027-03-24 16:00');
});

test('changes are streamed to those whom they concern', async () => {
  const { rehearsal, control } = await besideApp();
  const streamOf = async (as: string) => {
    const response = await fetch(`${rehearsal.url}/rehearsal/changes?as=${as}`);
    if (!response.body) throw new Error('no stream');
    return response.body.pipeThrough(new TextDecoderStream()).getReader();
  };
  const [dana, ana] = [await streamOf('dana'), await streamOf('ana')];
  await control('act', { as: 'dana', do: 'message', in: '#leaders', text: 'among us' });
  await control('act', { as: 'dana', do: 'message', in: '#general', text: 'to all' });
  const until = async (stream: typeof dana, words: string) => {
    let text = '';
    while (!text.includes(words)) text += (await stream.read()).value ?? '';
    return text;
  };
  expect(await until(dana, 'C0GENERAL1')).toContain('C0LEADERS1');
  expect(await until(ana, 'C0GENERAL1')).not.toContain('C0LEADERS1');
  await Promise.all([dana.cancel(), ana.cancel()]);
});

test('faults are injected, listed and taken back', async () => {
  const { control, rehearsal } = await besideApp();
  await control('faults', { method: 'chat.postMessage', fault: 'error:not_in_channel', times: 1 });
  expect((await control('faults')).body).toMatchObject([{ method: 'chat.postMessage', times: 1 }]);
  const post = () => clientOf(rehearsal).chat.postMessage({ channel: 'C0PROMISES', text: 'x' });
  await expect(post()).rejects.toMatchObject({ data: { error: 'not_in_channel' } });
  expect(await post()).toMatchObject({ ok: true });
  await control('faults', { method: '*', fault: '500', times: 9 });
  await control('faults', undefined, 'DELETE');
  expect(await post()).toMatchObject({ ok: true });
});
