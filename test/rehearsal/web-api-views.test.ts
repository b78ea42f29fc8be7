import { describe, expect, test } from '@jest/globals';
import type { HomeView, ModalView } from '@slack/types';
import type { Rehearsal } from '../../src/rehearsal/server.ts';
import { clientOf, refusalOf, standIn } from './stand-in.ts';

const ANA = 'U0ANA00001';

const modal = (title: string, rest: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: title },
  submit: { type: 'plain_text', text: 'Save' },
  blocks: [
    {
      type: 'input',
      block_id: 'decisions',
      label: { type: 'plain_text', text: 'What did you decide?' },
      element: { type: 'plain_text_input', action_id: 'text', initial_value: 'relist on Monday' },
    },
  ],
  ...rest,
});

const home = (text: string): HomeView => ({
  type: 'home',
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
});

const triggerOf = ({ workspace }: Rehearsal, userId = ANA) => workspace.triggers.issue(userId);

describe('modals', () => {
  test('a trigger opens one modal for the person who acted, and no second one', async () => {
    const rehearsal = await standIn();
    const slack = clientOf(rehearsal);
    const trigger_id = triggerOf(rehearsal);
    const { view } = await slack.views.open({ trigger_id, view: modal('Recap', { private_metadata: 'm1' }) });
    expect(view).toMatchObject({
      type: 'modal',
      root_view_id: view?.id ?? '',
      previous_view_id: null,
      private_metadata: 'm1',
      hash: expect.any(String),
      state: { values: { decisions: { text: { type: 'plain_text_input', value: 'relist on Monday' } } } },
    });
    expect(rehearsal.workspace.stacks.get(ANA)).toMatchObject([{ id: view?.id }]);
    const again = slack.views.open({ trigger_id, view: modal('Recap') });
    expect((await refusalOf(again)).error).toBe('exchanged_trigger_id');
  });

  test('a trigger that nobody issued is invalid', async () => {
    const slack = clientOf(await standIn());
    const made = slack.views.open({ trigger_id: '1.2.abc', view: modal('Recap') });
    expect((await refusalOf(made)).error).toBe('invalid_trigger_id');
  });

  test('three modals stack; a fourth is refused', async () => {
    const rehearsal = await standIn();
    const slack = clientOf(rehearsal);
    const nothingOpen = slack.views.push({ trigger_id: triggerOf(rehearsal), view: modal('Second') });
    expect((await refusalOf(nothingOpen)).error).toBe('not_found');
    const first = await slack.views.open({ trigger_id: triggerOf(rehearsal), view: modal('First') });
    const second = await slack.views.push({ trigger_id: triggerOf(rehearsal), view: modal('Second') });
    expect(second.view).toMatchObject({ root_view_id: first.view?.id, previous_view_id: first.view?.id });
    await slack.views.push({ trigger_id: triggerOf(rehearsal), view: modal('Third') });
    const fourth = slack.views.push({ trigger_id: triggerOf(rehearsal), view: modal('Fourth') });
    expect((await refusalOf(fourth)).error).toBe('push_limit_reached');
  });

  test('an update keeps what was typed where the field is still there', async () => {
    const rehearsal = await standIn();
    const slack = clientOf(rehearsal);
    const { view } = await slack.views.open({ trigger_id: triggerOf(rehearsal), view: modal('Recap') });
    const open = rehearsal.workspace.stacks.get(ANA)?.[0];
    if (open) open.values = { decisions: { text: { type: 'plain_text_input', value: 'typed by Ana' } } };
    const updated = await slack.views.update({ view_id: view?.id ?? '', view: modal('Recap, longer') });
    expect(updated.view?.state).toEqual({
      values: { decisions: { text: { type: 'plain_text_input', value: 'typed by Ana' } } },
    });
  });

  test('an update of an older version is a conflict, of none is not found', async () => {
    const rehearsal = await standIn();
    const slack = clientOf(rehearsal);
    const { view } = await slack.views.open({ trigger_id: triggerOf(rehearsal), view: modal('Recap') });
    await slack.views.update({ view_id: view?.id ?? '', hash: view?.hash, view: modal('Newer') });
    const late = slack.views.update({ view_id: view?.id ?? '', hash: view?.hash, view: modal('Older') });
    expect((await refusalOf(late)).error).toBe('hash_conflict');
    const nowhere = slack.views.update({ view_id: 'V0NOWHERE1', view: modal('x') });
    expect((await refusalOf(nowhere)).error).toBe('not_found');
  });

  test('an external id names one open view', async () => {
    const rehearsal = await standIn();
    const slack = clientOf(rehearsal);
    const named = modal('Recap', { external_id: 'recap-1' });
    await slack.views.open({ trigger_id: triggerOf(rehearsal), view: named });
    const twice = slack.views.push({ trigger_id: triggerOf(rehearsal), view: named });
    expect((await refusalOf(twice)).error).toBe('duplicate_external_id');
    expect(await slack.views.update({ external_id: 'recap-1', view: named })).toMatchObject({ ok: true });
  });

  test('a title of 25 characters is refused with its place, and the trigger is still good', async () => {
    const rehearsal = await standIn();
    const slack = clientOf(rehearsal);
    const trigger_id = triggerOf(rehearsal);
    const refused = await refusalOf(slack.views.open({ trigger_id, view: modal('x'.repeat(25)) }));
    expect(refused).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: [expect.stringContaining('[json-pointer:/view/title/text]')] },
    });
    expect(await slack.views.open({ trigger_id, view: modal('x'.repeat(24)) })).toMatchObject({ ok: true });
  });
});

describe('App Home', () => {
  test('publishing replaces what was there, under the same id', async () => {
    const rehearsal = await standIn();
    const slack = clientOf(rehearsal);
    const first = await slack.views.publish({ user_id: ANA, view: home('one') });
    const second = await slack.views.publish({ user_id: ANA, view: home('two'), hash: first.view?.hash });
    expect(second.view?.id).toBe(first.view?.id);
    expect(rehearsal.state.homes[ANA]?.view).toMatchObject({ blocks: [{ text: { text: 'two' } }] });
    const late = slack.views.publish({ user_id: ANA, view: home('three'), hash: first.view?.hash });
    expect((await refusalOf(late)).error).toBe('hash_conflict');
  });

  test.each([
    ['a modal', ANA, modal('Recap')],
    ['somebody who has left', 'U0PAUL0001', home('x')],
  ])('%s cannot be published', async (_, user_id, view) => {
    const slack = clientOf(await standIn());
    const refused = await refusalOf(slack.apiCall('views.publish', { user_id, view }));
    expect(refused.error).toBe('invalid_arguments');
  });
});
