import { type Outcome, refuse } from '../ground/outcome.ts';
import { type CommitmentEvent, difference, type EventVerb, type Facts } from './facts.ts';

/** A commitment and the two people whose ledger it stands in. */
export type Standing = Facts & { leaderId: string; partnerId: string };

/** Who acts and when; `today` is the day where the commitment's owner lives. */
export type Asking = { now: Temporal.Instant; today: Temporal.PlainDate; by: string };

/** An event that is stored already, under the id that an undo names. */
export type StoredEvent = CommitmentEvent & { id: string };

/** What an act leaves behind: the new facts with their events, or nothing at all, as if it had never been written. */
export type Change = { gone: false; facts: Facts; events: CommitmentEvent[] } | { gone: true };
export type Changed = Outcome<Change>;

/** How long whoever acted may take it back, the last instant included. */
export const UNDO_FOR = { minutes: 10 };

export const isAfter = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean => Temporal.PlainDate.compare(a, b) > 0;
export const isOver = (
  now: Temporal.Instant,
  from: Temporal.Instant,
  period: { hours: number } | { minutes: number },
) => Temporal.Instant.compare(now, from.add(period)) > 0;

/** These facts with a part of them changed, and the event that says so; none where nothing changed. */
export function changed(
  facts: Facts,
  part: Partial<Facts>,
  event: { verb: EventVerb; at: Temporal.Instant; by: string | null; reason?: string },
): Change & { gone: false } {
  const after = { ...facts, ...part };
  const parts = difference(facts, after);
  if (Object.keys(parts.after).length === 0) return { gone: false, facts, events: [] };
  return { gone: false, facts: after, events: [{ ...event, ...parts }] };
}

export const NOT_YOURS = 'That is for somebody else to say.';

/** The row was clicked as it no longer stands. */
export function stale(one: Facts) {
  const words: Record<Facts['state'], string> = {
    asked: 'It has not been accepted yet.',
    open: 'It is open.',
    kept: 'It is kept already.',
    missed: 'Its owner said that it will not be done.',
    withdrawn: 'It was withdrawn.',
    declined: 'It was declined, and that is final.',
    lapsed: 'Its day passed before it was answered.',
  };
  return refuse(words[one.state]);
}
