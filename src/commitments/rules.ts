import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { redate, undo } from './afterthoughts.ts';
import {
  type Asking,
  type Changed,
  isAfter,
  isOver,
  NOT_YOURS,
  type Standing,
  type StoredEvent,
  stale,
} from './change.ts';
import { keepOut, putInDigest } from './digest-acts.ts';
import { type CommitmentEvent, type Facts, type Priority, recorded, type Side } from './facts.ts';
import { changing, settle } from './in-time.ts';

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
  /** The words that the channel reads; none keep it out. */
  | { act: 'reword for digest'; line: string | null; history: StoredEvent[] }
  | { act: 'keep out of digest' }
  | { act: 'put in digest'; line: string; history: StoredEvent[] };

const NOT_YET_FOR = { hours: 7 * 24 };

/** The one whose agreement counts: the person of the pair on the side that it was promised to. */
export const otherSideOf = (one: Pick<Standing, 'side' | 'leaderId' | 'partnerId'>): string =>
  one.side === 'firm' ? one.partnerId : one.leaderId;

/** The one of the pair who stands for its side, whoever owns it. */
export const ownSideOf = (one: Pick<Standing, 'side' | 'leaderId' | 'partnerId'>): string =>
  one.side === 'firm' ? one.leaderId : one.partnerId;

/** Whose an ask is: since a hand-over it is the leader of now's, whoever wrote it. */
export const askerOf = (one: Pick<Standing, 'side' | 'leaderId' | 'partnerId' | 'askedBy'>): string | null =>
  one.askedBy === null ? null : otherSideOf(one);

/** Whether this person waits for the answer to an ask: whoever made it, or since a hand-over the leader of now. */
export const isAskersSide = (
  one: Pick<Standing, 'side' | 'leaderId' | 'partnerId' | 'askedBy'>,
  personId: string,
): boolean => one.askedBy === personId || (one.askedBy !== null && otherSideOf(one) === personId);

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
      return act.line?.trim()
        ? putInDigest(one, act.line, act.history, asking, 'reworded for digest')
        : keepOut(one, asking);
    case 'keep out of digest':
      return keepOut(one, asking);
    case 'put in digest':
      return putInDigest(one, act.line, act.history, asking, 'put in digest');
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
      return askerOf(one);
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

const NOTHING_PENDING_BUT_OWNER = { wantedDueOn: null, wantsWithdrawal: false };
const NOTHING_PENDING = { ...NOTHING_PENDING_BUT_OWNER, askedOwnerId: null };

const isOfPair = (personId: string, pair: { leaderId: string; partnerId: string }): boolean =>
  personId === pair.leaderId || personId === pair.partnerId;
