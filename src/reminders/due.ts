import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { enqueue } from '../delivery/outbox.ts';
import type { Deps, DueWork } from '../deps.ts';
import { dayIn, isBefore, startOfDay } from '../ground/zoned.ts';
import { bundleKey, isWelcome, nextBundleAt } from '../people/rules.ts';
import type { Person } from '../people/store.ts';
import { type Bundle, gatherBundle, isEmpty, type Which } from './bundle.ts';
import { lockBundleDue, setBundle } from './store.ts';

/** What changed before that is no news to somebody who never had a bundle. */
const NEWS_FOR = { hours: 7 * 24 };

export const due: DueWork[] = [
  {
    subject: 'reminders',
    table: 'person',
    column: 'bundleDueAt',
    /** One bundle a day and person, over all of their pairs, or none where there is nothing to say. */
    async work(trx, deps, now, atMost) {
      const people = await lockBundleDue(trx, now, atMost);
      for (const person of people) await remind(trx, deps, person, now);
      return people.length;
    },
  },
];

async function remind(trx: Transaction<Database>, deps: Deps, person: Person, now: Temporal.Instant): Promise<void> {
  if (!person.active) return setBundle(trx, person, { bundleDueAt: null });
  if (!mayTell(person, now)) return setBundle(trx, person, { bundleDueAt: nextBundleAt(person, now) });

  const which: Which = {
    day: dayIn(person.zone, now),
    since: person.bundledAt ?? now.subtract(NEWS_FOR),
    bundledBefore: person.bundledOn,
  };
  const bundle = await gatherBundle(trx, person, which);
  const isSaid = !isEmpty(bundle);
  if (isSaid) await tell(trx, deps, person, which, now);
  const told = isSaid ? { bundledOn: which.day, bundledAt: now } : {};
  await setBundle(trx, person, { ...told, bundleDueAt: nextDueAt({ ...person, ...told }, bundle) });
}

/** After an outage, a change of zone or of hours the time may be one that they do not welcome. */
function mayTell(person: Person, now: Temporal.Instant): boolean {
  const { snoozedUntil, bundledOn, zone } = person;
  const isSnoozed = snoozedUntil !== null && isBefore(now, snoozedUntil);
  const isTold = bundledOn !== null && Temporal.PlainDate.compare(bundledOn, dayIn(zone, now)) >= 0;
  return !isSnoozed && !isTold && isWelcome(person, now);
}

function nextDueAt(person: Person, { nextOn }: Bundle): Temporal.Instant | null {
  return nextOn === undefined
    ? null
    : nextBundleAt(person, startOfDay(nextOn, person.zone).subtract({ nanoseconds: 1 }));
}

function tell(
  trx: Transaction<Database>,
  deps: Deps,
  person: Person,
  which: Which,
  now: Temporal.Instant,
): Promise<void> {
  return enqueue(trx, {
    workspaceId: person.workspaceId,
    id: deps.newId(),
    kind: 'bundle',
    key: bundleKey(person.id, which.day),
    about: {
      day: which.day.toString(),
      since: which.since.toString(),
      before: which.bundledBefore?.toString() ?? '',
      at: now.toString(),
    },
    to: { people: [person.id] },
    notBefore: now,
    expiresAt: startOfDay(which.day.add({ days: 1 }), person.zone),
    now,
  });
}
