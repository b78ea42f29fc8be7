import { done } from '../ground/outcome.ts';
import { type Asking, type Change, type Changed, changed, isAfter, type Standing } from './change.ts';
import type { EventVerb, Facts } from './facts.ts';

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

/** Whoever owned it, or was asked to, has left: it is the leader's, as it stood, or where that one is gone the heir's. */
export function ownerLeft(
  one: Standing,
  personId: string,
  asking: Pick<Asking, 'now' | 'today'>,
  heirId: string = one.leaderId,
): Change & { gone: false } {
  const { facts, events } = settle(one, asking);
  const ownerId = facts.ownerId === personId && facts.side === 'firm' ? heirId : facts.ownerId;
  const askedOwnerId = facts.askedOwnerId === personId ? null : facts.askedOwnerId;
  const verb = heirId === one.leaderId ? 'handed back' : 'owner changed';
  const handed = changed(facts, { ownerId, askedOwnerId }, { verb, at: asking.now, by: null });
  return { gone: false, facts: handed.facts, events: [...events, ...handed.events] };
}

/** Somebody else stands for the firm: what `fromId` owned of it, or was asked for, is `toId`'s, as it stood. */
export function ownerChanged(
  one: Standing,
  fromId: string,
  toId: string,
  asking: Pick<Asking, 'now' | 'today'>,
): Change & { gone: false } {
  const { facts, events } = settle(one, asking);
  const ownerId = facts.ownerId === fromId && facts.side === 'firm' ? toId : facts.ownerId;
  // Nobody is asked for what is theirs anyway.
  const askedOwnerId = facts.askedOwnerId === toId ? null : facts.askedOwnerId;
  const handed = changed(facts, { ownerId, askedOwnerId }, { verb: 'owner changed', at: asking.now, by: null });
  return { gone: false, facts: handed.facts, events: [...events, ...handed.events] };
}

/** The change, and what time makes of it at once: what is reopened after its day is a miss again. */
export function changing(
  one: Standing,
  part: Partial<Facts>,
  verb: EventVerb,
  asking: Asking,
  reason?: string,
): Changed {
  const acted = changed(one, part, { verb, at: asking.now, by: asking.by, ...(reason && { reason }) });
  const settled = settle({ ...one, ...acted.facts }, asking);
  return done({ gone: false, facts: settled.facts, events: [...acted.events, ...settled.events] });
}
