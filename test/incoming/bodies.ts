import fc from 'fast-check';
import { FORM, JSON_TYPE } from './beside.ts';

/** A request's body as it goes over the wire, with the content type that it claims. */
export type Body = { type: string; body: Buffer | string };

const anything = fc.jsonValue({ maxDepth: 3 });
/** What belongs there, and now and then anything at all. */
const mostly = <T>(right: fc.Arbitrary<T>) =>
  fc.oneof<fc.WeightedArbitrary<unknown>[]>({ weight: 8, arbitrary: right }, { weight: 1, arbitrary: anything });

const TEAM = 'T0RIVER001';
const DANA = { id: 'U0DANA0001', team_id: TEAM };
const id = fc.uuid();

const event = fc.record(
  {
    type: mostly(fc.constant('event_callback')),
    event_id: mostly(fc.uuid()),
    team_id: mostly(fc.constant(TEAM)),
    authorizations: mostly(fc.constant([{ team_id: TEAM }])),
    event: mostly(
      fc.record(
        {
          type: fc.constantFrom('app_home_opened', 'user_change', 'team_join', 'message', 'channel_archive'),
          user: mostly(fc.oneof(fc.constant(DANA.id), fc.record({ id: mostly(fc.constant(DANA.id)), tz: anything }))),
          channel: anything,
          item: anything,
          tab: mostly(fc.constant('home')),
        },
        { requiredKeys: ['type'] },
      ),
    ),
  },
  { requiredKeys: ['event'] },
);

const clickable = [
  ...[
    'cadence:accept',
    'cadence:counter',
    'cadence:decline',
    'cadence:reopen',
    'cadence:fits',
    'cadence:end',
    'cadence:hand-over',
    'commitment:take-over',
    'commitment:decline-hand-over',
    'complexity',
  ],
  ...['commitment:add-again', 'commitment:ledger-back', 'commitment:ledger-open', 'commitment:more'],
  ...['commitment:week-later', 'meetings:agenda', 'meetings:agenda-remove', 'meetings:held', 'meetings:move'],
  ...['meetings:skip', 'prep:answer', 'prep:keep', 'prep:shorten', 'recap:add-row', 'recap:confirm', 'recap:correct'],
  ...['recap:show', 'recap:write', 'reminders:snooze', 'home:start', 'of:an-earlier-version'],
];
const submittable = [
  ...['cadence:rhythm-submitted', 'commitment:written', 'home:people-picked', 'meetings:agenda-submitted'],
  ...['meetings:move-submitted', 'meetings:skip-submitted', 'prep:submitted', 'recap:confirmed', 'recap:submitted'],
  ...['setup:settings-submitted', 'agenda_from_message', 'commitment_from_message'],
];

const view = mostly(
  fc.record({
    callback_id: mostly(fc.constantFrom(...submittable)),
    type: mostly(fc.constantFrom('modal', 'home')),
    state: mostly(fc.record({ values: mostly(fc.dictionary(fc.string(), fc.dictionary(fc.string(), anything))) })),
    private_metadata: mostly(
      fc.oneof(
        id,
        anything.map((value) => JSON.stringify(value)),
      ),
    ),
    blocks: mostly(fc.array(fc.record({ type: mostly(fc.constant('input')), block_id: mostly(fc.string()) }))),
    id: fc.string(),
    hash: fc.string(),
  }),
);
const action = fc.record({
  action_id: mostly(fc.constantFrom(...clickable)),
  block_id: fc.string(),
  value: mostly(id),
  selected_option: mostly(fc.record({ value: mostly(id) })),
  type: mostly(fc.constantFrom('button', 'overflow')),
});
const interaction = fc
  .record({
    who: fc.record({ team: mostly(fc.constant({ id: TEAM })), user: mostly(fc.constant(DANA)) }),
    what: fc.oneof(
      fc.record({
        type: fc.constant('block_actions'),
        actions: mostly(fc.array(action, { minLength: 1, maxLength: 2 })),
        view,
      }),
      fc.record({ type: fc.constantFrom('view_submission', 'view_closed'), view }),
      fc.record({
        type: fc.constantFrom('shortcut', 'message_action', 'block_suggestion'),
        callback_id: mostly(fc.constantFrom(...submittable)),
        message: anything,
        channel: anything,
      }),
    ),
    how: fc.record({ trigger_id: anything, response_url: anything }, { requiredKeys: [] }),
  })
  .map(({ who, what, how }) => ({ ...who, ...what, ...how }));

const typed = fc.record(
  {
    command: fc.constantFrom('/accord', '/accord', '/commit', '/commit', '/other'),
    text: fc.oneof(
      fc.constantFrom('with', 'cadence', 'ledger', 'settings', 'recap', '__proto__', 'constructor', 'with <@>'),
      fc.string({ unit: 'binary', maxLength: 200 }),
    ),
    team_id: fc.constantFrom(TEAM, TEAM, TEAM, 'T0NOBODY', ''),
    user_id: fc.constantFrom(DANA.id, DANA.id, DANA.id, 'U0NOBODY', '', "'; drop table person; --"),
    trigger_id: fc.string(),
    response_url: fc.string(),
  },
  { requiredKeys: ['command', 'team_id', 'user_id'] },
);

const payload = (value: unknown): string => `payload=${encodeURIComponent(JSON.stringify(value).toWellFormed())}`;
const odd = ['null', '{}', '[]', '0', '""', '', '{', '{"event":null}', '{"event":{}}', '{"event":{"item":1}}'];

/** The shapes that Slack sends, with anything at all in the places where something else belongs; and anything at all. */
export const bodies: fc.Arbitrary<Body> = fc.oneof(
  { weight: 3, arbitrary: event.map((value) => ({ type: JSON_TYPE, body: JSON.stringify(value) })) },
  { weight: 6, arbitrary: interaction.map((value) => ({ type: FORM, body: payload(value) })) },
  { weight: 3, arbitrary: typed.map((value) => ({ type: FORM, body: new URLSearchParams(value).toString() })) },
  { weight: 1, arbitrary: anything.map((value) => ({ type: JSON_TYPE, body: JSON.stringify(value) })) },
  { weight: 1, arbitrary: fc.constantFrom(...odd).map((body) => ({ type: JSON_TYPE, body })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...odd, '1&payload=2').map((body) => ({ type: FORM, body: `payload=${body}` })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(FORM, JSON_TYPE, 'text/plain', ''))
      .map(([bytes, type]) => ({ type, body: Buffer.from(bytes) })),
  },
);
