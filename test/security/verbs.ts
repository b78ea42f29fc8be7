import { RHYTHM_SUBMITTED } from '../../src/cadence/rhythm-form.ts';
import {
  ACCEPT_PROPOSAL,
  COUNTER_PROPOSAL,
  DECLINE_PROPOSAL,
  END_PAIR,
  HAND_OVER,
  REOPEN_CADENCE,
  RHYTHM_FITS,
} from '../../src/cadence/views.ts';
import { ADD_AGAIN, WEEK_EARLIER, WEEK_LATER } from '../../src/commitments/answers.ts';
import { COMMIT_SUBMITTED } from '../../src/commitments/commit-form.ts';
import { type ActForm, submittedOf } from '../../src/commitments/forms.ts';
import { DECLINE_HAND_OVER, HAND_OVER_SUBMITTED, TAKE_OVER } from '../../src/commitments/hand-over-views.ts';
import {
  LEDGER_FILTER,
  LEDGER_PAGE_BACK,
  LEDGER_PAGE_ON,
  LEDGER_VIEW,
  OPEN_LEDGER,
} from '../../src/commitments/ledger-modal.ts';
import type { Offer } from '../../src/commitments/offers.ts';
import { actionIdOf, MORE } from '../../src/commitments/views.ts';
import { AGENDA_SUBMITTED, OPEN_AGENDA, REMOVE_AGENDA_ITEM } from '../../src/meetings/agenda-views.ts';
import { MEETING_HELD, MOVE_MEETING, MOVE_SUBMITTED, SKIP_MEETING, SKIP_SUBMITTED } from '../../src/meetings/views.ts';
import { PREP_SUBMITTED } from '../../src/prep/form.ts';
import { ANSWER_PREP, KEEP_MEETING, SHORTEN_MEETING } from '../../src/prep/opening-views.ts';
import { CONFIRMATION_SUBMITTED } from '../../src/recap/confirm-form.ts';
import { ADD_ROW, CARRIED_CHOSEN, RECAP_SUBMITTED } from '../../src/recap/form.ts';
import { CONFIRM_RECAP, CORRECT_RECAP, SHOW_RECAP, WRITE_RECAP } from '../../src/recap/views.ts';
import { EXPORT_PAIR, RECORD_BACK, RECORD_ON, RECORD_SUBMITTED } from '../../src/record/views.ts';
import type { Input } from './forged.ts';
import { OWN } from './own.ts';
import type { Things } from './things.ts';

/** One way in. `about` is the thing whose id is forged, `inputs` what Slack sends with it. */
export type Swept = {
  id: string;
  about: keyof Things | 'partner';
  inputs: (id: string, things: Things) => Input[];
  mayFormer?: true;
  /** Why to name somebody here is no attempt on anything of theirs. */
  unaudited?: string;
};

/** One that nobody can be a stranger to, and why; `forged` is what it must refuse all the same. */
export type Own = { id: string; own: string; forged?: Input[] };

export type Verb = Swept | Own;

export const isSwept = (verb: Verb): verb is Swept => 'about' in verb;

const click = (id: string, about: keyof Things): Verb => ({
  id: `action ${id}`,
  about,
  inputs: (value) => [{ kind: 'action', id, value }],
});

const offered: Record<Offer, keyof Things> = {
  accept: 'asked',
  'accept-late': 'lapsed',
  decline: 'asked',
  'take-back': 'asked',
  done: 'open',
  move: 'open',
  withdraw: 'open',
  'will-not': 'open',
  agree: 'wanted',
  'not-yet': 'kept',
  reopen: 'kept',
  own: 'open',
  pass: 'open',
  undo: 'event',
  colleague: 'open',
  'keep-out': 'open',
  'put-in': 'open',
  reword: 'open',
  show: 'open',
};

const OFFERED = Object.entries(offered) as [Offer, keyof Things][];

const text = (value: string) => ({ type: 'plain_text_input', value });
const day = (value: string) => ({ type: 'datepicker', selected_date: value });
const time = (value: string) => ({ type: 'timepicker', selected_time: value });
const chosen = (value: string) => ({ type: 'static_select', selected_option: { value } });
const picked = (value: string) => ({ type: 'users_select', selected_user: value });

const filled: Record<ActForm, [keyof Things, Record<string, unknown>]> = {
  'accept-late': ['lapsed', { dueOn: day('2027-05-01') }],
  decline: ['asked', { line: text('no') }],
  move: ['open', { dueOn: day('2027-05-01'), reason: text('late') }],
  reopen: ['kept', { reason: text('mine now') }],
  colleague: ['open', { colleague: picked('U0MIA00001') }],
  reword: ['open', { line: text('something else') }],
};

const forms: Verb[] = (Object.entries(filled) as [ActForm, (typeof filled)[ActForm]][]).map(
  ([form, [about, values]]) => ({
    id: `view ${submittedOf(form)}`,
    about,
    inputs: (id) => [
      { kind: 'view', id: submittedOf(form), metadata: JSON.stringify({ id, from: 'message' }), values },
    ],
  }),
);

const inLedger = (id: string, option?: string): Verb => ({
  id: `action ${id}`,
  about: 'pair',
  inputs: (pair) => [
    {
      kind: 'action',
      id,
      ...(option === undefined ? { value: pair } : { option }),
      form: { callbackId: LEDGER_VIEW, metadata: `${pair} 0 all` },
    },
  ],
});

const inRecord = (id: string): Verb => ({
  id: `action ${id}`,
  about: 'pair',
  inputs: (pair) => [
    { kind: 'action', id, value: pair, form: { callbackId: RECORD_SUBMITTED, metadata: `${pair} 0` } },
  ],
});

const inRecap = (constraint: string, id: string): Verb => ({
  id: `action ${constraint}`,
  about: 'unrecorded',
  inputs: (meeting) => [
    {
      kind: 'action',
      id,
      option: 'kept',
      form: { callbackId: RECAP_SUBMITTED, metadata: JSON.stringify({ meeting, rows: [] }) },
    },
  ],
});

const recapValues = { outcome: text('mine'), decisions: text('mine'), next: day('2027-05-01') };

/** A form about a meeting says which one, and as it stood. */
const aboutMeeting = (id: string, values: Record<string, unknown>): Verb => ({
  id: `view ${id}`,
  about: 'unrecorded',
  inputs: (meeting) => [{ kind: 'view', id, metadata: JSON.stringify({ meeting, version: 1 }), values }],
});

const agendaForm = (pairs: string[], values: Record<string, unknown>): Input => ({
  kind: 'view',
  id: AGENDA_SUBMITTED,
  metadata: JSON.stringify({ pairs, round: 0 }),
  values: { ...values, 'item.0': text('mine') },
});

const NOWHERE = '0190c0de-0000-7000-8000-000000000000';

const rhythm = {
  'recurrence.firm-leads': chosen('every-week'),
  'anchor.firm-leads': day('2027-04-06'),
  'time.firm-leads': time('09:00'),
  'zone.firm-leads': chosen('America/New_York'),
  'minutes.firm-leads': chosen('30'),
  'purpose.firm-leads': text('mine'),
};

const typed = (word: string): Verb => ({
  id: `word ${word}`,
  about: 'partner',
  inputs: (person) => [{ kind: 'command', command: '/accord', text: `${word} <@${person}|ana>` }],
});

/** Everything that the app listens to. A listener without its row here fails the sweep. */
export const VERBS: Verb[] = [
  ...OFFERED.map(([offer, about]) => click(actionIdOf(offer), about)),
  {
    id: `action ${MORE}`,
    about: 'open',
    inputs: (id) => OFFERED.map(([offer]) => ({ kind: 'action', id: MORE, option: `${offer} ${id}` })),
  },
  ...forms,
  {
    id: `view ${COMMIT_SUBMITTED}`,
    about: 'pair',
    inputs: (pair) =>
      ['promise', 'ask'].map((who) => ({
        kind: 'view',
        id: COMMIT_SUBMITTED,
        metadata: '{}',
        values: {
          pair: chosen(pair),
          who: chosen(who),
          what: text('mine'),
          dueOn: day('2027-05-01'),
          priority: chosen('now'),
        },
      })),
  },
  click(ADD_AGAIN, 'open'),
  click(WEEK_LATER, 'open'),
  click(WEEK_EARLIER, 'open'),
  click(OPEN_LEDGER, 'pair'),
  inLedger(LEDGER_PAGE_BACK),
  inLedger(LEDGER_PAGE_ON),
  inLedger(LEDGER_FILTER, 'open'),
  {
    id: 'command /commit',
    about: 'partner',
    inputs: (person) =>
      [
        'ask <@P|ana> two comps by Friday',
        '<@P|ana> will send two comps by Friday',
        'firm: two comps for <@P|ana> by Friday',
      ].map((line) => ({ kind: 'command', command: '/commit', text: line.replace('P', person) })),
  },
  {
    id: 'shortcut commitment_from_message',
    about: 'partner',
    inputs: (author) => [{ kind: 'shortcut', id: 'commitment_from_message', author }],
    unaudited: 'the form is one’s own, whoever wrote the message',
  },
  typed('ledger'),

  click(HAND_OVER, 'pair'),
  {
    id: `view ${HAND_OVER_SUBMITTED}`,
    about: 'pair',
    inputs: (metadata) => [
      { kind: 'view', id: HAND_OVER_SUBMITTED, metadata, values: { successor: picked('U0DANA0001') } },
    ],
  },
  click(TAKE_OVER, 'handOver'),
  click(DECLINE_HAND_OVER, 'handOver'),

  click(MOVE_MEETING, 'unrecorded'),
  aboutMeeting(MOVE_SUBMITTED, { slot: chosen('another'), day: day('2027-03-25'), time: time('10:00') }),
  click(SKIP_MEETING, 'unrecorded'),
  aboutMeeting(SKIP_SUBMITTED, { reason: text('mine') }),
  click(OPEN_AGENDA, 'pair'),
  {
    id: `view ${AGENDA_SUBMITTED}`,
    about: 'pair',
    inputs: (pair) => [agendaForm([pair], {}), agendaForm([NOWHERE], { with: chosen(pair) })],
  },
  {
    id: `action ${REMOVE_AGENDA_ITEM}`,
    about: 'agendaItem',
    inputs: (value, { pair }) => [
      {
        kind: 'action',
        id: REMOVE_AGENDA_ITEM,
        value,
        form: { callbackId: AGENDA_SUBMITTED, metadata: JSON.stringify({ pairs: [pair], round: 0 }) },
      },
    ],
  },
  typed('agenda'),

  click(ANSWER_PREP, 'unrecorded'),
  {
    id: `view ${PREP_SUBMITTED}`,
    about: 'unrecorded',
    inputs: (metadata) => [{ kind: 'view', id: PREP_SUBMITTED, metadata, values: { outcome: text('mine') } }],
  },
  click(KEEP_MEETING, 'unrecorded'),
  click(SHORTEN_MEETING, 'unrecorded'),
  click(MEETING_HELD, 'unrecorded'),

  click(WRITE_RECAP, 'unrecorded'),
  click(CORRECT_RECAP, 'recap'),
  click(CONFIRM_RECAP, 'recap'),
  click(SHOW_RECAP, 'recap'),
  inRecap(ADD_ROW, ADD_ROW),
  inRecap(String(CARRIED_CHOSEN), 'carried.0190c0de-0000-7000-8000-000000000000'),
  {
    id: `view ${RECAP_SUBMITTED}`,
    about: 'unrecorded',
    inputs: (meeting) => [
      { kind: 'view', id: RECAP_SUBMITTED, metadata: JSON.stringify({ meeting, rows: [] }), values: recapValues },
    ],
  },
  {
    id: `view ${CONFIRMATION_SUBMITTED}`,
    about: 'recap',
    inputs: (metadata) => [
      { kind: 'view', id: CONFIRMATION_SUBMITTED, metadata, values: { produced: chosen('yes'), talked: chosen('me') } },
    ],
  },
  typed('recap'),

  {
    id: `view ${RECORD_SUBMITTED}`,
    about: 'pair',
    inputs: (pair) => [{ kind: 'view', id: RECORD_SUBMITTED, metadata: `${pair} 0`, values: { find: text('a') } }],
  },
  inRecord(RECORD_BACK),
  inRecord(RECORD_ON),
  // Whoever led it before takes along what they wrote there, and nothing else.
  {
    id: `action ${EXPORT_PAIR}`,
    about: 'pair',
    inputs: (value) => [{ kind: 'action', id: EXPORT_PAIR, value }],
    mayFormer: true,
  },
  typed('record'),
  { ...typed('export'), mayFormer: true },

  typed('cadence'),
  click(REOPEN_CADENCE, 'pair'),
  click(RHYTHM_FITS, 'pair'),
  {
    id: `view ${RHYTHM_SUBMITTED}`,
    about: 'pair',
    inputs: (pairId) => [
      {
        kind: 'view',
        id: RHYTHM_SUBMITTED,
        metadata: JSON.stringify({ complexity: 'firm-leads', pairId, basis: null }),
        values: rhythm,
      },
    ],
  },
  click(COUNTER_PROPOSAL, 'proposal'),
  click(ACCEPT_PROPOSAL, 'proposal'),
  click(DECLINE_PROPOSAL, 'proposal'),
  // The last one: of what has ended nothing works any more.
  click(END_PAIR, 'pair'),

  ...OWN,
];
