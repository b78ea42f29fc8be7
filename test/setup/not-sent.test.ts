import { expect, test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { configureDigest } from '../../src/digest/store.ts';
import { channelRefuses, digestWaits, messageWaits, personIsGone } from '../../src/setup/not-sent-words.ts';
import { problemsOfMessage } from '../../src/slack/limits.ts';
import { agreed } from '../meetings/agreed.ts';
import { type World, world } from '../support/world.ts';

const TEAM = 'T0RIVER001';
const POST = 'chat.postMessage';
const MONDAY = '2027-03-08T14:00:00Z';

/** Dana has the digest posted on Mondays at 9:00, New York. */
async function configured(w: World): Promise<void> {
  await w.dana.types('/accord settings');
  const choice = { channelId: 'C0PROMISES', weekday: 1, at: Temporal.PlainTime.from('09:00'), coversReports: false };
  await asTick(w.database.db, (trx) => configureDigest(trx, TEAM, choice, w.dana.id, w.now()));
}

const owned = (w: World, ownerId: string) =>
  asTick(w.database.db, (trx) => trx.updateTable('workspace').set({ ownerId }).execute());

const times = (words: string, text: string): number => text.split(words).length - 1;
const notSent = async (w: World) =>
  asTick(w.database.db, (trx) =>
    trx.selectFrom('outbox').select(['address', 'state']).where('kind', '=', 'not-sent').orderBy('seq').execute(),
  );

test('OUT6: a channel that is archived under the digest is said once to whoever set it up, with what to do', async () => {
  await using w = await world();
  await configured(w);
  await w.control('faults', { method: POST, channel: 'C0PROMISES', fault: 'error:is_archived', times: 9 });
  await w.moves(MONDAY);
  const said =
    'The digest could not be posted in #promises: the channel is archived. Choose another in /accord settings.';
  expect(await w.dana.sees()).toContain(said);

  await w.moves('+1w');
  expect(times('the channel is archived', await w.dana.sees())).toBe(1);
  expect(await notSent(w)).toEqual([{ address: w.dana.id, state: 'posted' }]);
});

test('OUT6: of a person whose account is gone, whoever leads them hears once, and nobody else', async () => {
  await using w = await world();
  await agreed(w);
  await w.control('faults', { method: 'conversations.open', fault: 'error:user_disabled', times: 99 });
  await w.control('faults', { method: POST, fault: 'error:user_disabled', times: 2 });
  await w.moves('+1w');
  await w.moves('+1w');
  expect(times('Ana no longer gets messages', await w.dana.sees())).toBe(1);
  expect(await w.ana.sees()).not.toContain('no longer gets messages');
});

test('OUT6: what stops on its way to tell somebody is told to nobody', async () => {
  await using w = await world();
  await configured(w);
  await owned(w, w.mia.id);
  await w.control('faults', { method: POST, channel: 'C0PROMISES', fault: 'error:is_archived', times: 9 });
  await w.control('faults', { method: 'conversations.open', fault: 'error:user_disabled', times: 99 });
  await w.moves(MONDAY);
  await w.moves('+1d');
  expect(await notSent(w)).toEqual([{ address: w.dana.id, state: 'held' }]);
});

test('OUT6: a revoked token stops its workspace, and its installation is over as soon as Slack says so', async () => {
  await using w = await world();
  await agreed(w);
  await w.control('faults', { method: '*', fault: 'error:token_revoked', times: 999 });
  await w.moves('+1w');
  await w.moves('+1d');
  const { token, uninstalledAt } = await asTick(w.database.db, (trx) =>
    trx.selectFrom('workspace').select(['token', 'uninstalledAt']).executeTakeFirstOrThrow(),
  );
  expect([token, uninstalledAt]).toEqual([null, expect.anything()]);
  expect(await notSent(w)).toEqual([]);
});

test('a digest that Slack did not confirm is said to whoever set it up', async () => {
  await using w = await world({ delivery: { timeoutMs: 300 } });
  await configured(w);
  const mayNotRead = w.rehearsal.state.app.scopes.filter((scope) => !scope.endsWith(':history'));
  w.rehearsal.state.app.scopes = mayNotRead;
  await asTick(w.database.db, (trx) => trx.updateTable('workspace').set({ scopes: mayNotRead }).execute());
  await w.control('faults', { method: POST, channel: 'C0PROMISES', fault: 'reset-before' });
  await w.moves(MONDAY);
  expect(await w.dana.sees()).toContain('The digest in #promises was not confirmed by Slack');
});

test('every such message is within the limits of Slack', () => {
  const longest = personIsGone(`${'Ana <!channel> '.repeat(20)}`);
  for (const words of [
    channelRefuses('C1', 'is_archived'),
    channelRefuses('C1', 'restricted_action'),
    digestWaits('C1'),
    messageWaits(),
    longest,
  ])
    expect(problemsOfMessage(words)).toEqual([]);
  expect(longest.text).not.toContain('<!');
});
