import { expect, test } from '@jest/globals';
import type { ModalView } from '@slack/types';
import { type BesideApp, besideApp } from './bolt-app.ts';

const text = (words: string) => ({ type: 'plain_text' as const, text: words });
const input = (blockId: string, label: string, more: object = {}) => ({
  type: 'input' as const,
  block_id: blockId,
  label: text(label),
  element: {
    type: 'plain_text_input' as const,
    action_id: 'entered',
    ...('element' in more ? (more.element as object) : {}),
  },
  optional: 'optional' in more && more.optional === true,
});
const form = (title: string, blocks: ModalView['blocks'], more: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  callback_id: 'form',
  title: text(title),
  submit: text('Send'),
  close: text('Cancel'),
  blocks,
  ...more,
});

/** `/accord` opens this form. */
async function withForm(view: ModalView): Promise<BesideApp> {
  const beside = await besideApp();
  beside.app.command('/accord', async ({ ack, client, command }) => {
    await client.views.open({ trigger_id: command.trigger_id, view });
    await ack();
  });
  return beside;
}

const OUTCOME = form('Prepare', [
  input('outcome', 'Outcome'),
  input('support', 'Support', { optional: true, element: { max_length: 10 } }),
  {
    type: 'input',
    block_id: 'day',
    optional: true,
    label: text('By when'),
    element: { type: 'datepicker', action_id: 'date', initial_date: '2027-03-24' },
  },
]);

test('what is required or too long is held back by Slack itself', async () => {
  const { app, acts, control } = await withForm(OUTCOME);
  let heard = 0;
  app.view('form', async ({ ack }) => {
    heard += 1;
    await ack();
  });
  await acts('ana', { do: 'command', text: '/accord' });
  const answer = await acts('ana', { do: 'submit', fields: { Support: 'longer than ten' } });
  expect(answer).toMatchObject({
    ok: false,
    status: 'refused',
    errors: {
      outcome: 'Please complete this required field.',
      support: 'Please enter no more than 10 characters.',
    },
    modal: { errors: { outcome: 'Please complete this required field.' } },
  });
  expect((await control('screen?as=ana')).body).toMatchObject({
    modal: { values: { support: { entered: { value: 'longer than ten' } } } },
  });
  expect(heard).toBe(0);
});

test('a submitted form reaches the app with all that it holds, and closes', async () => {
  const { app, acts } = await withForm(OUTCOME);
  let body: unknown;
  app.view('form', async ({ ack, body: heard }) => {
    body = heard;
    await ack();
  });
  await acts('ana', { do: 'command', text: '/accord' });
  const answer = await acts('ana', { do: 'submit', fields: { Outcome: 'A decision' } });
  expect(answer).toMatchObject({ ok: true, status: 'acked', modal: null });
  expect(body).toMatchObject({
    type: 'view_submission',
    user: { id: 'U0ANA00001' },
    response_urls: [],
    view: {
      callback_id: 'form',
      state: {
        values: {
          outcome: { entered: { type: 'plain_text_input', value: 'A decision' } },
          support: { entered: { type: 'plain_text_input', value: null } },
          day: { date: { type: 'datepicker', selected_date: '2027-03-24' } },
        },
      },
    },
  });
});

test('errors of the app stand under their fields, and what was entered stays', async () => {
  const { app, acts, sees } = await withForm(OUTCOME);
  app.view('form', ({ ack }) => ack({ response_action: 'errors', errors: { outcome: 'Say it in one line.' } }));
  await acts('ana', { do: 'command', text: '/accord' });
  const answer = await acts('ana', { do: 'submit', fields: { Outcome: 'A decision' } });
  expect(answer).toMatchObject({ ok: false, status: 'acked', errors: { outcome: 'Say it in one line.' } });
  const seen = await sees('ana');
  expect(seen).toContain('== Form: Prepare ==');
  expect(seen).toContain('Outcome: A decision\n! Say it in one line.');
  expect(seen).toContain('Support (optional): (empty)');
  expect(seen).toContain('[Send] [Cancel]');
});

test.each([
  ['errors for a block that is no input', { response_action: 'errors' as const, errors: { nowhere: 'x' } }],
  [
    'a view that Slack would refuse',
    { response_action: 'update' as const, view: form('A title of far too many letters', []) },
  ],
])('%s is trouble connecting, and the form stays', async (_what, response) => {
  const { app, acts } = await withForm(OUTCOME);
  app.view('form', ({ ack }) => ack(response));
  await acts('ana', { do: 'command', text: '/accord' });
  expect(await acts('ana', { do: 'submit', fields: { Outcome: 'A decision' } })).toMatchObject({
    ok: false,
    notice: 'We had some trouble connecting. Try again?',
    modal: { values: { outcome: { entered: { value: 'A decision' } } } },
  });
});

test('forms stack three deep; closing uncovers the one below, clearing takes all', async () => {
  const { app, acts } = await withForm(form('First', [input('a', 'A', { optional: true })]));
  let pushed = 1;
  app.view('form', ({ ack, view }) => {
    if (view.title.text === 'Third') return ack({ response_action: 'clear' });
    pushed += 1;
    const title = pushed === 2 ? 'Second' : 'Third';
    return ack({ response_action: 'push', view: form(title, [input('b', 'B', { optional: true })]) });
  });
  await acts('ana', { do: 'command', text: '/accord' });
  expect(await acts('ana', { do: 'submit' })).toMatchObject({
    modal: { depth: 2, view: { title: { text: 'Second' } } },
  });
  expect(await acts('ana', { do: 'close' })).toMatchObject({ modal: { depth: 1, view: { title: { text: 'First' } } } });
  pushed = 1;
  await acts('ana', { do: 'submit' });
  expect(await acts('ana', { do: 'submit' })).toMatchObject({
    modal: { depth: 3, view: { title: { text: 'Third' } } },
  });
  expect(await acts('ana', { do: 'submit' })).toMatchObject({ ok: true, modal: null });
});

test('the app hears of a closed form only where it asked to', async () => {
  const { app, acts } = await withForm(form('Told', [input('a', 'A', { optional: true })], { notify_on_close: true }));
  const closed: unknown[] = [];
  app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack, body }) => {
    closed.push('is_cleared' in body && body.is_cleared);
    await ack();
  });
  await acts('ana', { do: 'command', text: '/accord' });
  expect(await acts('ana', { do: 'close' })).toMatchObject({ ok: true, modal: null });
  expect(closed).toEqual([false]);
  expect(await acts('ana', { do: 'close' })).toMatchObject({ status: 'refused', error: 'view_not_found' });
});

test('a button in a form carries what was entered so far, and the app may change the form', async () => {
  const add = {
    type: 'actions' as const,
    block_id: 'more',
    elements: [{ type: 'button' as const, text: text('Add a row'), action_id: 'add' }],
  };
  const { app, acts } = await withForm(form('Recap', [input('a', 'A', { optional: true }), add]));
  let values: unknown;
  app.action('add', async ({ ack, body, client }) => {
    if (body.type !== 'block_actions' || !body.view) throw new Error('not in a view');
    values = body.view.state.values;
    const blocks = [input('a', 'A', { optional: true }), input('b', 'B', { optional: true }), add];
    await client.views.update({ view_id: body.view.id, hash: body.view.hash, view: form('Recap', blocks) });
    await ack();
  });
  const { modal } = (await acts('ana', { do: 'command', text: '/accord' })) as { modal: { id: string } };
  const answer = await acts('ana', {
    do: 'click',
    view: modal.id,
    actionId: 'add',
    values: { a: { entered: { type: 'plain_text_input', value: 'half a line' } } },
  });
  expect(values).toMatchObject({ a: { entered: { value: 'half a line' } } });
  expect(answer).toMatchObject({
    modal: { id: modal.id, values: { a: { entered: { value: 'half a line' } }, b: { entered: { value: null } } } },
  });
});

test('a field that is not there is refused with the names of those that are', async () => {
  const { acts } = await withForm(OUTCOME);
  await acts('ana', { do: 'command', text: '/accord' });
  expect(await acts('ana', { do: 'submit', fields: { Outcomes: 'x' } })).toMatchObject({
    error: 'no_such_field',
    hint: '"Prepare" has no field "Outcomes". It has "Outcome", "Support", "By when".',
  });
});
