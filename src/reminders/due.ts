import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { enqueue, findUnsaid } from '../delivery/outbox.ts';
import type { Deps, DueWork } from '../deps.ts';
import { dayIn, startOfDay } from '../ground/zoned.ts';
import { bundleKey, nextBundleAt, welcomeUntil } from '../people/rules.ts';
import type { Person } from '../people/store.ts';
import { type Bundle, gatherBundle, isEmpty, readSince, type Which } from './bundle.ts';
import { isListening } from './rules.ts';
import { lockBundleDue, setBundle } from './store.ts';

/** What changed before that is no news to somebody who never had a bundle. */
const NEWS_FOR = { hours: 7 * 24 };

export const due: DueWork[] = [
  {
    subject: 'reminders',
    table: 'person',
    column: 'bundleDueAt',
    atOnce: 25,
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

  const which: Which = { day: dayIn(person.zone, now), ...(await lastSaid(trx, person, now)) };
  const bundle = await gatherBundle(trx, person, which);
  const isSaid = !isEmpty(bundle);
  if (isSaid) await tell(trx, deps, person, which, now);
  const told = isSaid ? { bundledOn: which.day, bundledAt: now } : {};
  await setBundle(trx, person, {
    ...told,
    bundleDueAt: nextDueAt({ ...person, ...told }, bundle, isSaid ? now : undefined),
  });
}

/** Since when there is something to say: the last bundle, or the one before where that one never went out. */
async function lastSaid(
  trx: Transaction<Database>,
  person: Person,
  now: Temporal.Instant,
): Promise<Pick<Which, 'since' | 'bundledBefore'>> {
  const { workspaceId, bundledOn, bundledAt } = person;
  const unsaid = bundledOn && (await findUnsaid(trx, workspaceId, bundleKey(person.id, bundledOn)));
  if (unsaid) return readSince(unsaid);
  return { since: bundledAt ?? now.subtract(NEWS_FOR), bundledBefore: bundledOn };
}

/** After an outage, a change of zone or of hours the time may be one that they do not welcome. */
function mayTell(person: Person, now: Temporal.Instant): boolean {
  const { bundledOn, zone } = person;
  const isTold = bundledOn !== null && Temporal.PlainDate.compare(bundledOn, dayIn(zone, now)) >= 0;
  return !isTold && isListening(person, now);
}

/** On the next day that has something to say; after a bundle on the next one at all, which looks whether it went out. */
function nextDueAt(person: Person, { nextOn }: Bundle, saidAt: Temporal.Instant | undefined): Temporal.Instant | null {
  if (saidAt) return nextBundleAt(person, saidAt);
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
    expiresAt: welcomeUntil(person, which.day),
    now,
  });
}
