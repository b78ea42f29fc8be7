import { done, type Outcome, refuse } from '../ground/outcome.ts';
import {
  type CommitmentEvent,
  difference,
  type EventVerb,
  type Facts,
  type Priority,
  recorded,
  type Side,
  withRecorded,
} from './facts.ts';

/** A commitment and the two people whose ledger it stands in. */
export type Standing = Facts & { leaderId: string; partnerId: string };

/** Who acts and when; `today` is the day where the commitment's owner lives. */
export type Asking = { now: Temporal.Instant; today: Temporal.PlainDate; by: string };

/** An event that is stored already, under the id that an undo names. */
export type StoredEvent = CommitmentEvent & { id: string };

export type Act =
  | { act: 'accept'; dueOn?: Temporal.PlainDate }
  | { act: 'decline'; line?: string }
  | { act: 'take back' }
  | { act: 'done' }
  | { act: 'not yet' }
  | { act: 'will not be done'; reason?: string }
  | { act: 'move'; to: Temporal.PlainDate; reason: string }
  | { act: 'withdraw'; reason?: string }
  | { act: 'agree' }
  | { act: 'reopen'; reason: string }
  | { act: 'ask owner'; colleagueId: string }
  | { act: 'own' }
  | { act: 'pass' }
  | { act: 'date'; to: Temporal.PlainDate; history: StoredEvent[] }
  /** `history` is the whole of it, newest first. */
  | { act: 'undo'; eventId: string; history: StoredEvent[] }
  | { act: 'reword for digest'; line: string | null };

/** What an act leaves behind: the new facts with their events, or nothing at all, as if it had never been written. */
export type Change = { gone: false; facts: Facts; events: CommitmentEvent[] } | { gone: true };
type Changed = Outcome<Change>;

const UNDO_FOR = { minutes: 10 };
const NOT_YET_FOR = { hours: 7 * 24 };

const NOT_YOURS = 'That is for somebody else to say.';

const isAfter = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean => Temporal.PlainDate.compare(a, b) > 0;
const isOver = (now: Temporal.Instant, from: Temporal.Instant, period: { hours: number } | { minutes: number }) =>
  Temporal.Instant.compare(now, from.add(period)) > 0;

/** The one whose agreement counts: the person of the pair on the side that it was promised to. */
export const otherSideOf = (one: Pick<Standing, 'side' | 'leaderId' | 'partnerId'>): string =>
  one.side === 'firm' ? one.partnerId : one.leaderId;

/** The one of the pair who stands for its side, whoever owns it. */
export const ownSideOf = (one: Pick<Standing, 'side' | 'leaderId' | 'partnerId'>): string =>
  one.side === 'firm' ? one.leaderId : one.partnerId;

export type Draft = {
  side: Side;
  act: 'promise' | 'ask';
  dueOn: Temporal.PlainDate;
  priority: Priority;
  digestLine: string | null;
  /** A colleague who is asked to own a firm-side promise. */
  colleagueId?: string;
};

/** The first event of a commitment. What one writes on one's own side is open at once; on the other's it is an ask. */
export function write(
  draft: Draft,
  pair: { leaderId: string; partnerId: string },
  { now, today, by }: Asking,
): Outcome<{ facts: Facts; events: CommitmentEvent[] }> {
  if (isAfter(today, draft.dueOn)) return refuse('That day has passed. Pick a day from today on.', 'dueOn');
  const ownerId = ownSideOf({ ...pair, side: draft.side });
  if ((ownerId === by) !== (draft.act === 'promise')) return refuse(NOT_YOURS);
  const colleagueId = draft.act === 'promise' && draft.side === 'firm' ? draft.colleagueId : undefined;
  const facts: Facts = {
    state: draft.act === 'promise' ? 'open' : 'asked',
    side: draft.side,
    ownerId,
    askedBy: draft.act === 'promise' ? null : by,
    askedOwnerId: colleagueId === undefined || isOfPair(colleagueId, pair) ? null : colleagueId,
    dueOn: draft.dueOn,
    priority: draft.priority,
    firstUnkeptOn: null,
    keptOn: null,
    keptAt: null,
    moves: 0,
    wantedDueOn: null,
    wantsWithdrawal: false,
    slips: 0,
    digestLine: draft.side === 'firm' ? draft.digestLine : null,
  };
  const verb = draft.act === 'promise' ? 'promised' : 'asked';
  return done({ facts, events: [{ verb, at: now, by, before: {}, after: recorded(facts) }] });
}

/**
 * What time does to it: an ask lapses and a promise falls due with the end of its day where the owner lives. From then
 * on the first due day stands, and no agreement changes it.
 */
export function settle(one: Standing, { now, today }: Pick<Asking, 'now' | 'today'>): Change & { gone: false } {
  const lapses = one.state === 'asked' && isAfter(today, one.dueOn);
  const fallsDue = one.state === 'open' && one.firstUnkeptOn === null && isAfter(today, one.dueOn);
  if (lapses) return changed(one, { state: 'lapsed' }, { verb: 'lapsed', at: now, by: null });
  if (!fallsDue) return { gone: false, facts: one, events: [] };
  const part = { firstUnkeptOn: one.dueOn, wantedDueOn: null, wantsWithdrawal: false };
  return changed(one, part, { verb: 'fell due', at: now, by: null });
}

/**
 * One for each held meeting at which an item whose day is over is still open. `metOn` is the meeting's day where the owner
 * lives: a recap that is written late does not count what was still in time when they met.
 */
export function slip(
  one: Standing,
  asking: Pick<Asking, 'now' | 'today'>,
  metOn: Temporal.PlainDate = asking.today,
): Change & { gone: false } {
  const { facts, events } = settle(one, asking);
  if (facts.state !== 'open' || !isAfter(metOn, facts.dueOn)) return { gone: false, facts, events };
  const slipped = changed(facts, { slips: facts.slips + 1 }, { verb: 'slipped', at: asking.now, by: null });
  return { gone: false, facts: slipped.facts, events: [...events, ...slipped.events] };
}

/** The colleague who owned it, or was asked to, has left: it is the leader's, as it stood. */
export function ownerLeft(
  one: Standing,
  personId: string,
  asking: Pick<Asking, 'now' | 'today'>,
): Change & { gone: false } {
  const { facts, events } = settle(one, asking);
  const ownerId = facts.ownerId === personId && facts.side === 'firm' ? one.leaderId : facts.ownerId;
  const askedOwnerId = facts.askedOwnerId === personId ? null : facts.askedOwnerId;
  const handed = changed(facts, { ownerId, askedOwnerId }, { verb: 'handed back', at: asking.now, by: null });
  return { gone: false, facts: handed.facts, events: [...events, ...handed.events] };
}

/**
 * What a person's act makes of a commitment. Time comes first, so that a late tick never decides whether a day had
 * ended. Refusals are shown as they stand.
 */
export function apply(one: Standing, act: Act, asking: Asking): Changed {
  const settled = settle(one, asking);
  const acted = decide({ ...one, ...settled.facts }, act, asking);
  if (!acted.ok || acted.value.gone) return acted;
  return done({ ...acted.value, events: [...settled.events, ...acted.value.events] });
}

function decide(one: Standing, act: Act, asking: Asking): Changed {
  const sayer = whoSays(one, act);
  if (sayer !== undefined && sayer !== asking.by)
    return refuse(act.act === 'done' ? 'Only its owner says that it is done.' : NOT_YOURS);
  switch (act.act) {
    case 'accept':
      return accept(one, act.dueOn, asking);
    case 'decline':
      return decline(one, act.line, asking);
    case 'take back':
      return one.state === 'asked' ? done({ gone: true }) : refuse('It has been answered, so it stays.');
    case 'done':
      return finish(one, asking);
    case 'not yet':
      return notYet(one, asking);
    case 'will not be done':
      return giveUp(one, act.reason, asking);
    case 'move':
      return move(one, act.to, act.reason, asking);
    case 'withdraw':
      return withdraw(one, act.reason, asking);
    case 'agree':
      return agree(one, asking);
    case 'reopen':
      return reopen(one, act.reason, asking);
    case 'ask owner':
    case 'own':
    case 'pass':
      return colleague(one, act, asking);
    case 'date':
      return redate(one, act.to, act.history, asking);
    case 'undo':
      return undo(one, act.eventId, act.history, asking);
    case 'reword for digest':
      return reword(one, act.line, asking);
  }
}

/** Whose word it is; undefined where the act itself finds out. */
function whoSays(one: Standing, { act }: Act): string | null | undefined {
  switch (act) {
    case 'accept':
    case 'decline':
    case 'done':
    case 'will not be done':
    case 'move':
    case 'withdraw':
    case 'reopen':
      return one.ownerId;
    case 'take back':
      return one.askedBy;
    case 'not yet':
    case 'agree':
      return otherSideOf(one);
    case 'ask owner':
      return one.leaderId;
    default:
      return undefined;
  }
}

function accept(one: Standing, dueOn: Temporal.PlainDate | undefined, asking: Asking): Changed {
  if (one.state !== 'asked' && one.state !== 'lapsed') return stale(one);
  if (one.state === 'asked' && dueOn === undefined) return changing(one, { state: 'open' }, 'accepted', asking);
  if (dueOn === undefined) return refuse('Its day has passed. Give it a new day to accept it.', 'dueOn');
  if (isAfter(asking.today, dueOn)) return refuse('That day has passed. Pick a day from today on.', 'dueOn');
  return changing(one, { state: 'open', dueOn: one.state === 'lapsed' ? dueOn : one.dueOn }, 'accepted', asking);
}

function decline(one: Standing, line: string | undefined, asking: Asking): Changed {
  if (one.state === 'lapsed') return refuse('Its day has passed, so it has lapsed by itself.');
  if (one.state !== 'asked') return stale(one);
  if (one.side === 'firm' && !line?.trim()) return refuse('Say in a line why the firm will not do it.', 'line');
  return changing(one, { state: 'declined' }, 'declined', asking, line?.trim() || undefined);
}

function finish(one: Standing, asking: Asking): Changed {
  if (one.state !== 'open') return stale(one);
  return changing(one, { state: 'kept', keptOn: asking.today, keptAt: asking.now, ...NOTHING_PENDING }, 'done', asking);
}

/** The first due day stands: what was said to be kept and was not falls due as if nobody had said it. */
function notYet(one: Standing, asking: Asking): Changed {
  if (one.state !== 'kept' || one.keptAt === null) return stale(one);
  if (isOver(asking.now, one.keptAt, NOT_YET_FOR))
    return refuse('A week has passed since it was said to be done, so it stays kept. Ask for it anew if it is not.');
  return changing(one, { state: 'open', keptOn: null, keptAt: null }, 'not yet', asking);
}

function giveUp(one: Standing, reason: string | undefined, asking: Asking): Changed {
  if (one.state !== 'open') return stale(one);
  const part = { state: 'missed' as const, firstUnkeptOn: one.firstUnkeptOn ?? one.dueOn, ...NOTHING_PENDING };
  return changing(one, part, 'missed', asking, reason?.trim() || undefined);
}

/**
 * The first new date in time is free. A further one in time waits for the other side, and the day stands meanwhile.
 * After its day it is a miss whatever the new date, so nobody has to agree.
 */
function move(one: Standing, to: Temporal.PlainDate, reason: string, asking: Asking): Changed {
  if (one.state !== 'open') return stale(one);
  if (isAfter(asking.today, to)) return refuse('That day has passed. Pick a day from today on.', 'dueOn');
  if (to.equals(one.dueOn)) return refuse('It is due on that day already. Pick another.', 'dueOn');
  if (!reason.trim()) return refuse('Say in a few words why.', 'reason');
  const isFree = one.moves === 0 || one.firstUnkeptOn !== null;
  if (isFree) {
    const part = { dueOn: to, moves: one.moves + 1, ...NOTHING_PENDING_BUT_OWNER };
    return changing(one, part, 'moved', asking, reason.trim());
  }
  if (one.wantedDueOn?.equals(to)) return refuse('That day waits for their agreement already.', 'dueOn');
  return changing(one, { wantedDueOn: to, wantsWithdrawal: false }, 'wanted move', asking, reason.trim());
}

function withdraw(one: Standing, reason: string | undefined, asking: Asking): Changed {
  if (one.state !== 'open') return stale(one);
  const why = reason?.trim() || undefined;
  const isColleagues = one.side === 'firm' && one.ownerId !== one.leaderId;
  if (isColleagues) return changing(one, { ownerId: one.leaderId, ...NOTHING_PENDING }, 'handed back', asking, why);
  if (one.firstUnkeptOn !== null)
    return changing(one, { state: 'withdrawn', ...NOTHING_PENDING }, 'withdrawn', asking, why);
  if (one.wantsWithdrawal) return refuse('That waits for their agreement already.');
  return changing(one, { wantsWithdrawal: true, wantedDueOn: null }, 'wanted withdrawal', asking, why);
}

function agree(one: Standing, asking: Asking): Changed {
  if (one.state !== 'open') return stale(one);
  if (one.firstUnkeptOn !== null) return refuse('Its day ended before you agreed, so it fell due as it stood.');
  if (one.wantsWithdrawal) return changing(one, { state: 'withdrawn', ...NOTHING_PENDING }, 'agreed', asking);
  if (one.wantedDueOn === null) return refuse('Nothing waits for your agreement here any more.');
  if (isAfter(asking.today, one.wantedDueOn)) return refuse('The day asked for has passed, so the old one stands.');
  const part = { dueOn: one.wantedDueOn, moves: one.moves + 1, wantedDueOn: null };
  return changing(one, part, 'agreed', asking);
}

/** The first due day stands once it has ended; one given up before that has its chance again. */
function reopen(one: Standing, reason: string, asking: Asking): Changed {
  if (one.state !== 'kept' && one.state !== 'missed' && one.state !== 'withdrawn') return stale(one);
  if (!reason.trim()) return refuse('Say in a few words why.', 'reason');
  const ended = one.firstUnkeptOn !== null && isAfter(asking.today, one.firstUnkeptOn);
  const part = { state: 'open' as const, keptOn: null, keptAt: null, firstUnkeptOn: ended ? one.firstUnkeptOn : null };
  return changing(one, part, 'reopened', asking, reason.trim());
}

function colleague(one: Standing, act: Act & { act: 'ask owner' | 'own' | 'pass' }, asking: Asking): Changed {
  if (one.state !== 'open') return stale(one);
  if (act.act === 'ask owner') return askOwner(one, act.colleagueId, asking);
  if (one.askedOwnerId !== asking.by) return refuse('It is not with you any more.');
  if (act.act === 'pass') return changing(one, { askedOwnerId: null }, 'owner passed', asking);
  return changing(one, { ownerId: asking.by, ...NOTHING_PENDING }, 'owner accepted', asking);
}

function askOwner(one: Standing, colleagueId: string, asking: Asking): Changed {
  if (one.side !== 'firm') return refuse('Only what the firm promised can go to a colleague.', 'colleague');
  if (isOfPair(colleagueId, one)) return refuse('Name somebody else of the firm.', 'colleague');
  if (colleagueId === one.ownerId) return refuse('It is theirs already.', 'colleague');
  if (colleagueId === one.askedOwnerId) return refuse('They have been asked already.', 'colleague');
  return changing(one, { askedOwnerId: colleagueId }, 'asked owner', asking);
}

/** The other reading of the day that was typed, chosen at once: no new date, since nobody has relied on the first. */
function redate(one: Standing, to: Temporal.PlainDate, history: StoredEvent[], asking: Asking): Changed {
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
function undo(one: Standing, eventId: string, history: StoredEvent[], asking: Asking): Changed {
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
const SAME_WRITING = new Set<EventVerb>(['dated', 'reworded for digest']);

function reword(one: Standing, line: string | null, asking: Asking): Changed {
  if (one.side !== 'firm') return refuse('Only what the firm promised can be in the digest.');
  const digestLine = line?.trim() || null;
  if (digestLine === one.digestLine) return refuse('It reads like that already.');
  return changing(one, { digestLine }, 'reworded for digest', asking);
}

const NOTHING_PENDING_BUT_OWNER = { wantedDueOn: null, wantsWithdrawal: false };
const NOTHING_PENDING = { ...NOTHING_PENDING_BUT_OWNER, askedOwnerId: null };

const isOfPair = (personId: string, pair: { leaderId: string; partnerId: string }): boolean =>
  personId === pair.leaderId || personId === pair.partnerId;

function changed(
  facts: Facts,
  part: Partial<Facts>,
  event: { verb: EventVerb; at: Temporal.Instant; by: string | null; reason?: string },
): Change & { gone: false } {
  const after = { ...facts, ...part };
  const parts = difference(facts, after);
  if (Object.keys(parts.after).length === 0) return { gone: false, facts, events: [] };
  return { gone: false, facts: after, events: [{ ...event, ...parts }] };
}

/** The change, and what time makes of it at once: what is reopened after its day is a miss again. */
function changing(one: Standing, part: Partial<Facts>, verb: EventVerb, asking: Asking, reason?: string): Changed {
  const acted = changed(one, part, { verb, at: asking.now, by: asking.by, ...(reason && { reason }) });
  const settled = settle({ ...one, ...acted.facts }, asking);
  return done({ gone: false, facts: settled.facts, events: [...acted.events, ...settled.events] });
}

/** The row was clicked as it no longer stands. */
function stale(one: Facts) {
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
