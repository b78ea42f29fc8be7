import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RHYTHM_SUBMITTED } from '../../src/cadence/rhythm-form.ts';
import {
  ACCEPT_PROPOSAL,
  COUNTER_PROPOSAL,
  DECLINE_PROPOSAL,
  END_PAIR,
  REOPEN_CADENCE,
} from '../../src/cadence/views.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { AGENDA_SUBMITTED, OPEN_AGENDA } from '../../src/meetings/agenda-views.ts';
import { MEETING_HELD, MOVE_MEETING, SKIP_MEETING } from '../../src/meetings/views.ts';
import { PREP_SUBMITTED } from '../../src/prep/form.ts';
import { ANSWER_PREP, KEEP_MEETING, SHORTEN_MEETING } from '../../src/prep/opening-views.ts';
import { stackOf } from '../../src/rehearsal/views.ts';
import { agreed, planned } from '../meetings/agreed.ts';
import { type World, world } from '../support/world.ts';
import { denials, dump, type Input, type Stranger, tries } from './forged.ts';

const NOWHERE = '0190c0de-0000-7000-8000-000000000000';

let w: World;
let strangers: Stranger[];
const ids = { pair: '', meeting: '', proposal: '' };
/** A rhythm as somebody who may would send it. */
let rhythm: Record<string, unknown> = {};

beforeAll(async () => {
  w = await world();
  await agreed(w);
  await w.dana.types('/accord with @kiran');
  await w.dana.submits('Propose a rhythm', {});
  await w.dana.act({ do: 'close' });
  const [meeting] = await planned(w);
  const open = w.bot.deps.db.selectFrom('proposal').select('id').where('state', '=', 'open');
  const proposal = await asTick(w.bot.deps.db, async (trx) => (await trx.executeQuery(open)).rows[0]);
  Object.assign(ids, { pair: meeting?.pairId, meeting: meeting?.id, proposal: proposal?.id });
  await w.ana.types('/accord cadence @dana');
  const form = stackOf(w.rehearsal.workspace, w.ana.id).at(-1);
  rhythm = Object.fromEntries(Object.entries(form?.values ?? {}).map(([id, of]) => [id, of[id]]));
  await w.ana.act({ do: 'close' });
  strangers = [
    { who: 'a colleague', userId: w.mia.id },
    { who: 'a peer of the partner', userId: w.marcus.id },
    { who: 'a guest', userId: w.gus.id },
    { who: 'somebody of another firm in a shared channel', userId: w.otto.id },
  ];
  for (const stranger of strangers) await tries(w, stranger, { kind: 'command', command: '/accord', text: 'help' });
}, 60_000);
afterAll(() => w[Symbol.asyncDispose]());

const click = (id: string) => (value: string) => ({ kind: 'action', id, value }) satisfies Input;
const written = (value: string) => ({ type: 'plain_text_input', value });

const WAYS: [string, keyof typeof ids, (id: string) => Input][] = [
  ...[ACCEPT_PROPOSAL, COUNTER_PROPOSAL, DECLINE_PROPOSAL].map((id): [string, 'proposal', (of: string) => Input] => [
    id,
    'proposal',
    click(id),
  ]),
  ...[REOPEN_CADENCE, END_PAIR, OPEN_AGENDA].map((id): [string, 'pair', (of: string) => Input] => [
    id,
    'pair',
    click(id),
  ]),
  ...[MOVE_MEETING, SKIP_MEETING, MEETING_HELD, ANSWER_PREP, KEEP_MEETING, SHORTEN_MEETING].map(
    (id): [string, 'meeting', (of: string) => Input] => [id, 'meeting', click(id)],
  ),
  [
    RHYTHM_SUBMITTED,
    'pair',
    (pairId) => {
      const metadata = JSON.stringify({ complexity: 'new-team-leader', pairId, basis: null });
      return { kind: 'view', id: RHYTHM_SUBMITTED, metadata, values: rhythm };
    },
  ],
  [
    PREP_SUBMITTED,
    'meeting',
    (metadata) => ({ kind: 'view', id: PREP_SUBMITTED, metadata, values: { outcome: written('mine') } }),
  ],
  [
    AGENDA_SUBMITTED,
    'pair',
    (pair) => {
      const metadata = JSON.stringify({ pairs: [pair], round: 0 });
      return { kind: 'view', id: AGENDA_SUBMITTED, metadata, values: { 'item.0': written('mine') } };
    },
  ],
];

describe('SEC1: a rhythm, a meeting and what is said before it are nobody else’s', () => {
  test.each(WAYS)('%s', async (_id, about, input) => {
    const before = await dump(w);
    for (const stranger of strangers) {
      const denied = await denials(w, stranger);
      const said = await tries(w, stranger, input(ids[about]));
      const isAudited = (await denials(w, stranger)) > denied;
      const saidOfNone = (await tries(w, stranger, input(NOWHERE))).replaceAll(NOWHERE, ids[about]);
      expect([stranger.who, isAudited, said]).toEqual([stranger.who, true, saidOfNone]);
    }
    expect(await dump(w)).toEqual(before);
  });
});
