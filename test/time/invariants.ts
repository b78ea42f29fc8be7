import type { Selectable, Transaction } from 'kysely';
import { factsOf, fold } from '../../src/commitments/facts.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import type { CommitmentTable, Database, PersonTable } from '../../src/db/schema.ts';
import { dayIn, isBefore } from '../../src/ground/zoned.ts';
import { endOf } from '../../src/meetings/rules.ts';
import type { Message } from '../../src/rehearsal/state.ts';
import { type Away, unplanned, unprompted } from './agreed-and-planned.ts';
import { audienceOf } from './audience.ts';
import { MARK, type Written } from './monkey.ts';
import type { Rig } from './rig.ts';
import { type Said, untrue } from './true-when-said.ts';

type Trx = Transaction<Database>;
type Person = Selectable<PersonTable>;

/** Something that Slack began to show: a message of ours, new or edited, a form, a Home. */
type Shown = { outboxId: string | undefined; isNew: boolean; text: string; readers: string[]; where: string };

/** Watches Slack and the database, and throws with everything that should not be. */
export function watchOver(rig: Rig, written: Written, away: Away) {
  const { workspace } = rig.rehearsal;
  const { state } = workspace;
  const bot = state.app.botUserId;
  const { mayRead, isDigestLine } = audienceOf(written);
  let shown: Shown[] = [];
  const timesPosted = new Map<string, number>();
  const versionSeen = new Map<string, number>();
  const lookedAt = new Set<string>();
  const paused = new Set<string>();

  const stopWatching = workspace.onChange(({ kind, conversationId, ts, userId }) => {
    if (kind === 'message' && userId === bot && conversationId && ts) sawMessage(conversationId, ts);
    if ((kind === 'home' || kind === 'view') && userId) sawViews(userId);
  });

  function sawMessage(conversationId: string, ts: string): void {
    const conversation = state.conversations[conversationId];
    const message = conversation?.messages.find((one) => one.ts === ts);
    if (!conversation || !message) return;
    const outboxId = outboxOf(message);
    const isNew = message.edited === undefined;
    if (outboxId && isNew) timesPosted.set(outboxId, (timesPosted.get(outboxId) ?? 0) + 1);
    const readers = message.ephemeralTo ? [message.ephemeralTo] : conversation.members.filter((id) => id !== bot);
    const text = `${message.text}\n${JSON.stringify(message.blocks ?? [])}`;
    shown.push({ outboxId, isNew, text, readers, where: conversation.name ?? conversationId });
  }

  function sawViews(userId: string): void {
    for (const one of [state.homes[userId], ...(workspace.stacks.get(userId) ?? [])]) {
      if (!one) continue;
      const text = JSON.stringify([one.view, one.values]);
      shown.push({ outboxId: undefined, isNew: false, text, readers: [userId], where: one.view.type });
    }
  }

  /** What must hold at any moment; where it is quiet, with the bot settled and its clock right, also that nothing waits. */
  async function check({ isQuiet }: { isQuiet: boolean }): Promise<void> {
    const now = rig.time.now;
    const fresh = shown;
    shown = [];
    const problems = await asTick(rig.database.db, async (trx) => {
      const people = new Map((await trx.selectFrom('person').selectAll().execute()).map((one) => [one.id, one]));
      const pairs = new Map((await trx.selectFrom('pair').selectAll().execute()).map((one) => [one.id, one]));
      const meetings = await trx.selectFrom('meeting').selectAll().execute();
      for (const { id, leaderId, partnerId } of pairs.values())
        if (!people.get(leaderId)?.active || !people.get(partnerId)?.active) paused.add(id);
      const facts = { people, pairs, meetings, paused, now };
      const found = [
        ...(await aboutLedger(trx, people, now, isQuiet)),
        ...(await aboutOutbox(trx, now, isQuiet)),
        ...(await aboutReaders(trx, fresh)),
        ...(await aboutWords(trx, fresh, { ...facts, isClockTrusted: !wasClockOff(now) })),
        ...(await unplanned(trx, facts, isQuiet)),
      ];
      for (const meeting of meetings) {
        const hasComeAndGone = !isBefore(now, endOf(meeting).add({ hours: 2 }));
        if (lookedAt.has(meeting.id) || !hasComeAndGone) continue;
        lookedAt.add(meeting.id);
        found.push(...(await unprompted(trx, meeting, facts, away)));
      }
      return found;
    });
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }

  const wasClockOff = (now: Temporal.Instant) => away.some(({ to }) => isBefore(now, to.add({ hours: 5 })));

  /** The row is the sum of its events, and a day that is over has fallen due. */
  async function aboutLedger(trx: Trx, people: Map<string, Person>, now: Temporal.Instant, isQuiet: boolean) {
    const problems: string[] = [];
    for (const row of await trx.selectFrom('commitment').selectAll().execute()) {
      const isOver = Temporal.PlainDate.compare(dayIn(people.get(row.ownerId)?.zone ?? 'UTC', now), row.dueOn) > 0;
      const isUnsaid = row.state === 'asked' || (row.state === 'open' && row.firstUnkeptOn === null);
      if (isQuiet && isOver && isUnsaid) problems.push(`${row.id} is ${row.state} after its day and never fell due`);
      if (versionSeen.get(row.id) === row.version) continue;
      versionSeen.set(row.id, row.version);
      problems.push(...(await unlikeItsEvents(trx, row)));
    }
    return problems;
  }

  /** Sent, given up for a reason, held for a reason, or waiting for its time. */
  async function aboutOutbox(trx: Trx, now: Temporal.Instant, isQuiet: boolean): Promise<string[]> {
    const rows = await trx.selectFrom('outbox').selectAll().where('state', '!=', 'posted').execute();
    return rows.flatMap(({ kind, key, state: at, notBefore, reason }) => {
      const isOver = at === 'dropped' || at === 'held';
      if (isOver && !reason) return [`${kind} ${key} is ${at} for no reason`];
      // Nothing here gives Slack a reason to refuse anything for good.
      if (at === 'held') return [`${kind} ${key} is held: ${reason}`];
      const isStuck = at === 'sending' || (at === 'queued' && !isBefore(now, notBefore));
      return isQuiet && isStuck ? [`${kind} ${key} is ${at} although nothing keeps it`] : [];
    });
  }

  /** Nobody is shown what is not theirs. */
  async function aboutReaders(trx: Trx, fresh: Shown[]): Promise<string[]> {
    const problems: string[] = [];
    for (const { text, readers, where } of fresh)
      for (const mark of new Set(text.match(MARK) ?? [])) {
        const may = await mayRead(trx, mark, readers);
        const isLeaked = where === 'promises' ? !(await isDigestLine(trx, mark)) : readers.some((id) => !may.has(id));
        if (isLeaked)
          problems.push(`${mark} is for ${[...may]}; ${where} shows it to ${readers}: ${text.slice(0, 300)}`);
      }
    return problems;
  }

  /** What was posted since the last look was enqueued, is posted once, and is so. */
  async function aboutWords(
    trx: Trx,
    fresh: Shown[],
    facts: Omit<Said, 'row' | 'text' | 'readers'>,
  ): Promise<string[]> {
    const problems: string[] = [];
    for (const { outboxId, isNew, text, readers } of fresh) {
      if (!outboxId || !isNew) continue;
      const row = await trx.selectFrom('outbox').selectAll().where('id', '=', outboxId).executeTakeFirst();
      if (!row) problems.push(`nobody enqueued ${outboxId}: ${text.slice(0, 200)}`);
      if (!row) continue;
      if ((timesPosted.get(row.id) ?? 0) > 1) problems.push(`${row.kind} ${row.key} was posted twice`);
      const wrong = await untrue(trx, { ...facts, row, text, readers });
      problems.push(...wrong.map((why) => `${row.kind} ${row.key}: ${why}`));
    }
    return problems;
  }

  /** One bundle a day and person; and how much there was of everything. */
  async function finalCheck(): Promise<{ messages: number; meetings: number; commitments: number }> {
    return asTick(rig.database.db, async (trx) => {
      const bundles = await trx
        .selectFrom('outbox')
        .select(['address', 'about'])
        .where('kind', '=', 'bundle')
        .execute();
      const days = bundles.map(({ address, about }) => `${address} ${about.day}`);
      const twice = days.find((day, place) => days.indexOf(day) !== place);
      if (twice) throw new Error(`two bundles for ${twice}`);
      const count = async (table: 'outbox' | 'meeting' | 'commitment') =>
        Number(
          (
            await trx
              .selectFrom(table)
              .select(({ fn }) => fn.countAll().as('n'))
              .executeTakeFirstOrThrow()
          ).n,
        );
      return {
        messages: await count('outbox'),
        meetings: await count('meeting'),
        commitments: await count('commitment'),
      };
    });
  }

  return { check, finalCheck, stopWatching };
}

async function unlikeItsEvents(trx: Trx, row: Selectable<CommitmentTable>): Promise<string[]> {
  const query = trx.selectFrom('commitmentEvent').selectAll().where('commitmentId', '=', row.id);
  const events = await query.orderBy('version').execute();
  const [is, sum] = [JSON.stringify(factsOf(row)), JSON.stringify(fold(events))];
  const hasGap = events.length !== row.version || events.some(({ version }, place) => version !== place + 1);
  return [
    ...(is === sum ? [] : [`${row.id} is not the sum of its events: ${is}, not ${sum}`]),
    ...(hasGap ? [`the versions of ${row.id} have a gap`] : []),
  ];
}

function outboxOf({ metadata }: Message): string | undefined {
  const id = metadata?.event_payload.outbox;
  return typeof id === 'string' ? id : undefined;
}
