import type { UsersInfoResponse } from '@slack/web-api';
import type { Transaction } from 'kysely';
import { asWorkspace, type Deadline, startDeadline } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { findPeople, type Person, recordLeft, recordPeople, type SeenPerson } from './store.ts';

/**
 * The people behind these ids, asked of Slack where they were never seen before. An id that Slack does not know, or that
 * is not an id at all, is missing from the answer.
 */
export async function meetPeople(
  deps: Deps,
  workspaceId: string,
  ids: readonly string[],
  deadline: Deadline = startDeadline(),
): Promise<Map<string, Person>> {
  const wanted = [...new Set(ids)];
  const find = (trx: Transaction<Database>) => findPeople(trx, workspaceId, wanted);
  const known = await asWorkspace(deps.db, workspaceId, find, { deadline, reads: true });
  const missing = wanted.filter((id) => !known.some((person) => person.id === id));
  if (missing.length === 0) return byId(known);

  const seen = await Promise.all(missing.map((id) => askSlack(deps, workspaceId, id)));
  const record = async (trx: Transaction<Database>) => {
    await recordPeople(
      trx,
      seen.filter((person) => person !== undefined),
    );
    return byId(await find(trx));
  };
  return asWorkspace(deps.db, workspaceId, record, { deadline });
}

/**
 * Asks Slack anew about people who are known here, whatever an event said of them: events may come twice, late or never.
 * What follows from news is left to the tick.
 */
export async function refreshPeople(deps: Deps, workspaceId: string, ids: readonly string[]): Promise<void> {
  const known = await asWorkspace(deps.db, workspaceId, (trx) => findPeople(trx, workspaceId, [...new Set(ids)]));
  const asked = await Promise.all(known.map(async ({ id }) => ({ id, seen: await askSlack(deps, workspaceId, id) })));
  const seen = asked.flatMap((one) => one.seen ?? []);
  if (seen.length > 0) await asWorkspace(deps.db, workspaceId, (trx) => recordPeople(trx, seen));
  for (const { id } of asked.filter((one) => one.seen === undefined))
    await asWorkspace(deps.db, workspaceId, (trx) => recordLeft(trx, { workspaceId, id }, deps.clock()));
}

async function askSlack(deps: Deps, workspaceId: string, id: string): Promise<SeenPerson | undefined> {
  const client = await deps.slack(workspaceId);
  try {
    const { user } = await client.users.info({ user: id, include_locale: true });
    return user && seenPerson(workspaceId, user, deps.clock());
  } catch (error) {
    if (isUnknownPerson(error)) return undefined;
    throw error;
  }
}

const isUnknownPerson = (error: unknown): boolean =>
  error instanceof Error &&
  'data' in error &&
  ['user_not_found', 'user_not_visible'].includes(String((error.data as { error?: string }).error));

type SlackUser = NonNullable<UsersInfoResponse['user']>;

/** A member of another firm that is met in a shared channel is `foreign`: nobody here. */
export function seenPerson(workspaceId: string, user: SlackUser, now: Temporal.Instant): SeenPerson | undefined {
  if (!user.id) return undefined;
  return {
    workspaceId,
    id: user.id,
    name: user.profile?.display_name || user.profile?.real_name || user.real_name || user.name || user.id,
    handle: user.name ?? user.id,
    zone: knownZone(user.tz),
    locale: user.locale ?? 'en-US',
    kind: kindOf(workspaceId, user),
    active: !user.deleted,
    checkedAt: now,
  };
}

function kindOf(workspaceId: string, user: SlackUser): SeenPerson['kind'] {
  if (user.is_bot || user.id === 'USLACKBOT') return 'bot';
  const isAtHome = user.team_id === workspaceId || user.enterprise_user?.enterprise_id === workspaceId;
  if (user.is_stranger || (user.team_id && !isAtHome)) return 'foreign';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}

/** Slack leaves the zone out for some bots and invited guests. */
function knownZone(zone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone ?? 'UTC' }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

const byId = (people: Person[]): Map<string, Person> => new Map(people.map((person) => [person.id, person]));
