import { done, refuse } from '../ground/outcome.ts';
import {
  type Asking,
  type Changed,
  changed,
  isAfter,
  isOver,
  NOT_YOURS,
  type Standing,
  type StoredEvent,
  stale,
  UNDO_FOR,
} from './change.ts';
import { DIGEST_VERBS } from './digest-acts.ts';
import { type EventVerb, type Facts, withRecorded } from './facts.ts';
import { changing, settle } from './in-time.ts';

/** The other reading of the day that was typed, chosen at once: no new date, since nobody has relied on the first. */
export function redate(one: Standing, to: Temporal.PlainDate, history: StoredEvent[], asking: Asking): Changed {
  const first = history.at(-1);
  if (one.state !== 'open' && one.state !== 'asked') return stale(one);
  if (!first || first.by !== asking.by) return refuse(NOT_YOURS);
  if (
    history.some((event) => event !== first && !SAME_WRITING.has(event.verb)) ||
    isOver(asking.now, first.at, UNDO_FOR)
  )
    return refuse('Too late to reread the day. Move it instead.');
  if (isAfter(asking.today, to)) return refuse('That day has passed. Pick a day from today on.', 'dueOn');
  if (to.equals(one.dueOn)) return refuse('It is due on that day already.');
  return changing(one, { dueOn: to }, 'dated', asking);
}

/**
 * One's own last change, up to and including ten minutes after it. What time did since is taken back with it and then
 * happens again if it still must: an undone new date leaves the old day, which may have ended.
 */
export function undo(one: Standing, eventId: string, history: StoredEvent[], asking: Asking): Changed {
  const place = history.findIndex((event) => event.id === eventId);
  const target = history[place];
  if (!target || target.by !== asking.by) return refuse('There is nothing of yours to undo here.');
  if (target.verb === 'undone') return refuse('That was undone already.');
  const isFirst = place === history.length - 1;
  const since = history.slice(0, place);
  const byPeople = since.filter(
    ({ by, verb }) => by !== null && !(isFirst && by === asking.by && SAME_WRITING.has(verb)),
  );
  if (byPeople.length > 0) return refuse('It has changed since, so that cannot be undone any more.');
  if (isOver(asking.now, target.at, UNDO_FOR))
    return refuse('Ten minutes have passed, so it stands. Its owner can still change it.');
  if (isFirst) return done({ gone: true });

  const undoable = [...since.filter(({ verb }) => verb === 'fell due' || verb === 'lapsed'), target];
  const restored = undoable.reduce<Facts>((facts, event) => withRecorded(facts, event.before), one);
  const back = changed(one, restored, { verb: 'undone', at: asking.now, by: asking.by });
  const settled = settle({ ...one, ...back.facts }, asking);
  return done({ gone: false, facts: settled.facts, events: [...back.events, ...settled.events] });
}

/** What its writer may still do to it while it counts as being written. */
const SAME_WRITING = new Set<EventVerb>(['dated', ...DIGEST_VERBS]);
