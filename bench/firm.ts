// A firm of many pairs in the stand-in's workspace, and what Slack sends when one of them types: for benches of the bot's
// own process.
import { createHmac } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { asTick } from '../src/db/as-workspace.ts';
import type { Database } from '../src/db/schema.ts';
import { seal } from '../src/db/sealed.ts';
import type { Rehearsal } from '../src/rehearsal/server.ts';

const leaderOf = (n: number) => `U0L${String(Math.floor(n / 10)).padStart(7, '0')}`;
export const partnerOf = (n: number) => `U0P${String(n).padStart(7, '0')}`;

/** Leaders of ten partners each. The bot must have made the workspace's row; it may have met some of them already. */
export async function foundFirm({ state }: Rehearsal, db: Kysely<Database>, pairs: number): Promise<void> {
  const [someone] = Object.values(state.people);
  if (!someone) throw new Error('Nobody is in the stand-in');
  const everybody = Array.from({ length: pairs }, (_, n) => [leaderOf(n), partnerOf(n)]);
  for (const id of new Set(everybody.flat()))
    state.people[id] = { ...someone, id, name: id.toLowerCase(), realName: id, displayName: id };
  const team = state.team.id;
  const all = sql`jsonb_to_recordset(${JSON.stringify(everybody.map(([leader, partner], n) => ({ n, leader, partner })))}::jsonb)
    as p (n int, leader text, partner text)`;
  await asTick(db, async (trx) => {
    await sql`insert into person (workspace_id, id, name, handle, zone, locale, kind, active, checked_at, privacy_told_at)
      select distinct ${team}, id, id, lower(id), 'America/New_York', 'en-US', 'member', true, clock_timestamp(), clock_timestamp()
      from ${all}, unnest(array[p.leader, p.partner]) id
      on conflict do nothing`.execute(trx);
    await sql`insert into pair (workspace_id, id, leader_id, partner_id, kind, state, created_at, created_by, agreed_at)
      select ${team}, gen_random_uuid(), p.leader, p.partner, 'contractor', 'active', clock_timestamp(), p.leader,
        clock_timestamp() from ${all}`.execute(trx);
  });
}

/** What those pairs promised before: so many each, kept in time, half by either side. */
export async function foundPast({ state }: Rehearsal, db: Kysely<Database>, each: number): Promise<void> {
  const text = seal('three comps for the open house');
  const nonce = sql`gen_random_uuid()`;
  await asTick(db, async (trx) => {
    await sql`with past as (
        insert into commitment (workspace_id, id, pair_id, side, owner_id, written_by, text, due_on, priority, state, kept_on,
          kept_at, created_at, changed_at)
        select p.workspace_id, ${nonce}, p.id, case when n % 2 = 0 then 'firm' else 'partner' end,
          case when n % 2 = 0 then p.leader_id else p.partner_id end,
          case when n % 2 = 0 then p.leader_id else p.partner_id end, ${text}, (now() - n * interval '1 day')::date, 'now',
          'kept', (now() - n * interval '1 day')::date, now() - n * interval '1 day', now() - (n + 7) * interval '1 day',
          now() - n * interval '1 day'
        from pair p, generate_series(1, ${each}::int) n where p.workspace_id = ${state.team.id}
        returning workspace_id, id, created_at, owner_id
      )
      insert into commitment_event (workspace_id, id, commitment_id, version, at, by_id, verb, before, after)
      select workspace_id, ${nonce}, id, 1, created_at, owner_id, 'promised', '{}', '{}' from past`.execute(trx);
  });
  for (const table of ['person', 'pair', 'commitment', 'commitment_event'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
}

/** A promise that a partner types, no two alike. */
export const commitOf = (rehearsal: Rehearsal, partner: string, n: number): URLSearchParams =>
  new URLSearchParams({
    command: '/commit',
    text: `two comps for ${n} Oak Street by ${1 + (n % 28)} December`,
    team_id: rehearsal.state.team.id,
    user_id: partner,
    channel_id: 'C0PROMISES',
    api_app_id: rehearsal.state.app.appId,
    trigger_id: rehearsal.workspace.triggers.issue(partner),
    response_url: rehearsal.workspace.responses.issue({ channel: 'C0PROMISES', userId: partner }),
  });

/** Signed and sent as Slack does. Returns the answer's text; anything but a 200 is an error. */
export async function sendSigned(url: string, secret: string, form: URLSearchParams): Promise<string> {
  const body = form.toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const response = await fetch(`${url}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  return text;
}
