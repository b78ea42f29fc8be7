/** What is true of a commitment, text aside, and the events that it is the sum of. */

export type State = 'asked' | 'open' | 'kept' | 'missed' | 'withdrawn' | 'declined' | 'lapsed';
export type Side = 'partner' | 'firm';
export type Priority = 'now' | 'later';

export type Facts = {
  state: State;
  side: Side;
  ownerId: string;
  /** Who asked for it; null when its owner wrote it. */
  askedBy: string | null;
  /** A colleague asked to own a firm-side item, until they answer. */
  askedOwnerId: string | null;
  dueOn: Temporal.PlainDate;
  priority: Priority;
  /** The first due day that passed unkept. */
  firstUnkeptOn: Temporal.PlainDate | null;
  /** The day its owner finished it, where they live; `keptAt` is when they said so. */
  keptOn: Temporal.PlainDate | null;
  keptAt: Temporal.Instant | null;
  moves: number;
  /** A further new date, or a withdrawal, that waits for the other side. */
  wantedDueOn: Temporal.PlainDate | null;
  wantsWithdrawal: boolean;
  slips: number;
  /** What the channel may read; null keeps it counted but unnamed. */
  digestLine: string | null;
};

/** Facts as an event keeps them: only those that changed, days and instants as ISO text. */
export type Recorded = { [name: string]: string | number | boolean | null };

export type EventVerb =
  | 'promised'
  | 'asked'
  | 'accepted'
  | 'declined'
  | 'lapsed'
  | 'dated'
  | 'moved'
  | 'wanted move'
  | 'wanted withdrawal'
  | 'agreed'
  | 'withdrawn'
  | 'done'
  | 'not yet'
  | 'missed'
  | 'reopened'
  | 'undone'
  | 'asked owner'
  | 'owner accepted'
  | 'owner passed'
  | 'handed back'
  | 'owner changed'
  | 'slipped'
  | 'fell due'
  | 'reworded for digest'
  | 'kept out of digest'
  | 'put in digest';

export type CommitmentEvent = {
  verb: EventVerb;
  at: Temporal.Instant;
  /** Null when time did it. */
  by: string | null;
  before: Recorded;
  after: Recorded;
  reason?: string;
};

const names: (keyof Facts)[] = [
  'state',
  'side',
  'ownerId',
  'askedBy',
  'askedOwnerId',
  'dueOn',
  'priority',
  'firstUnkeptOn',
  'keptOn',
  'keptAt',
  'moves',
  'wantedDueOn',
  'wantsWithdrawal',
  'slips',
  'digestLine',
];

/** The facts alone, of a row that holds more. */
export const factsOf = (one: Facts): Facts => ({
  state: one.state,
  side: one.side,
  ownerId: one.ownerId,
  askedBy: one.askedBy,
  askedOwnerId: one.askedOwnerId,
  dueOn: one.dueOn,
  priority: one.priority,
  firstUnkeptOn: one.firstUnkeptOn,
  keptOn: one.keptOn,
  keptAt: one.keptAt,
  moves: one.moves,
  wantedDueOn: one.wantedDueOn,
  wantsWithdrawal: one.wantsWithdrawal,
  slips: one.slips,
  digestLine: one.digestLine,
});

const plainly = (value: Facts[keyof Facts]): Recorded[string] =>
  value !== null && typeof value === 'object' ? value.toString() : value;

export const recorded = (facts: Facts): Recorded =>
  Object.fromEntries(names.map((name) => [name, plainly(facts[name])]));

/** What differs between two, as an event records it. */
export function difference(from: Facts, to: Facts): { before: Recorded; after: Recorded } {
  const [was, is] = [recorded(from), recorded(to)];
  const changed = names.filter((name) => was[name] !== is[name]);
  const only = (all: Recorded): Recorded => Object.fromEntries(changed.map((name) => [name, all[name] ?? null]));
  return { before: only(was), after: only(is) };
}

/** The sum of a commitment's events, oldest first: the row that they must equal. */
export const fold = (events: Pick<CommitmentEvent, 'after'>[]): Facts =>
  restored(Object.assign({}, ...events.map((event) => event.after)));

/** These facts with those of an event put back. */
export const withRecorded = (facts: Facts, part: Recorded): Facts => restored({ ...recorded(facts), ...part });

const states: State[] = ['asked', 'open', 'kept', 'missed', 'withdrawn', 'declined', 'lapsed'];

function restored(all: Recorded): Facts {
  const state = states.find((known) => known === all.state);
  const dueOn = dayOf(all.dueOn);
  if (!state || !dueOn || typeof all.ownerId !== 'string') throw new Error('These events do not begin a commitment');
  return {
    state,
    side: all.side === 'firm' ? 'firm' : 'partner',
    ownerId: all.ownerId,
    askedBy: textOf(all.askedBy),
    askedOwnerId: textOf(all.askedOwnerId),
    dueOn,
    priority: all.priority === 'later' ? 'later' : 'now',
    firstUnkeptOn: dayOf(all.firstUnkeptOn),
    keptOn: dayOf(all.keptOn),
    keptAt: typeof all.keptAt === 'string' ? Temporal.Instant.from(all.keptAt) : null,
    moves: Number(all.moves),
    wantedDueOn: dayOf(all.wantedDueOn),
    wantsWithdrawal: all.wantsWithdrawal === true,
    slips: Number(all.slips),
    digestLine: textOf(all.digestLine),
  };
}

const textOf = (value: Recorded[string] | undefined): string | null => (typeof value === 'string' ? value : null);
const dayOf = (value: Recorded[string] | undefined): Temporal.PlainDate | null =>
  typeof value === 'string' ? Temporal.PlainDate.from(value) : null;
