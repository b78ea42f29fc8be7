import type { Selectable, Transaction } from 'kysely';
import { nextOccurrence, type Rhythm } from '../../src/cadence/rules.ts';
import { type PairedProposal, rhythmOf } from '../../src/cadence/store.ts';
import { factsOf, fold } from '../../src/commitments/facts.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import type {
  CommitmentTable,
  Database,
  MeetingTable,
  OutboxTable,
  PairTable,
  PersonTable,
} from '../../src/db/schema.ts';
import { atWallTime, dayIn, isBefore } from '../../src/ground/zoned.ts';
import { endOf } from '../../src/meetings/rules.ts';
import { isWelcome } from '../../src/people/rules.ts';
import type { Message } from '../../src/rehearsal/state.ts';
import { MARK, type Written } from './monkey.ts';
import type { Rig } from './rig.ts';

type Trx = Transaction<Database>;
type Meeting = Selectable<MeetingTable>;
type Outbox = Selectable<OutboxTable>;
type Person = Selectable<PersonTable>;
type Pair = Selectable<PairTable>;
type Commitment = Selectable<CommitmentTable>;

/** When no bot was there to do anything, on the bots' own clock. */
export type Away = { from: Temporal.Instant; to: Temporal.Instant }[];

type Shown = { outboxId: string | undefined; isNew: boolean; text: string; readers: string[]; where: string };

/** Watches Slack and the database, and throws with everything that should not be. */
export function watchOver(rig: Rig, written: Written, away: Away) {
  const { workspace } = rig.rehearsal;
  const { state } = workspace;
  const bot = state.app.botUserId;
  let shown: Shown[] = [];
  const postedTimes = new Map<string, number>();
  const seenVersion = new Map<string, number>();
  const audience = new Map<string, Set<string>>();
  const settledMeetings = new Set<string>();

  const stopWatching = workspace.onChange(({ kind, conversationId, ts, userId }) => {
    if (kind === 'message' && userId === bot && conversationId && ts) sawMessage(conversationId, ts);
    if ((kind === 'home' || kind === 'view') && userId) sawView(userId);
  });

  function sawMessage(conversationId: string, ts: string): void {
    const conversation = state.conversations[conversationId];
    const message = conversation?.messages.find((one) => one.ts === ts);
    if (!conversation || !message) return;
    const outboxId = outboxOf(message);
    const isNew = message.edited === undefined;
    if (outboxId && isNew) postedTimes.set(outboxId, (postedTimes.get(outboxId) ?? 0) + 1);
    const readers = message.ephemeralTo ? [message.ephemeralTo] : conversation.members.filter((id) => id !== bot);
    const text = `${message.text}\n${JSON.stringify(message.blocks ?? [])}`;
    shown.push({ outboxId, isNew, text, readers, where: conversation.name ?? conversationId });
  }

  function sawView(userId: string): void {
    const views = [state.homes[userId], ...(workspace.stacks.get(userId) ?? [])];
    for (const one of views)
      if (one) {
        const text = JSON.stringify([one.view, one.values]);
        shown.push({ outboxId: undefined, isNew: false, text, readers: [userId], where: one.view.type });
      }
  }

  /** To be called with the bot settled: everything that must hold then. */
  async function check({ isQuiet }: { isQuiet: boolean }): Promise<void> {
    const now = rig.time.now;
    const fresh = shown;
    shown = [];
    const problems: string[] = [];
    await asTick(rig.database.db, async (trx) => {
      const people = new Map((await trx.selectFrom('person').selectAll().execute()).map((one) => [one.id, one]));
      const pairs = new Map((await trx.selectFrom('pair').selectAll().execute()).map((one) => [one.id, one]));
      const meetings = await trx.selectFrom('meeting').selectAll().execute();
      problems.push(
        ...(await aboutLedger(trx, people, now, isQuiet)),
        ...(await aboutOutbox(trx, now, isQuiet)),
        ...(await aboutShown(trx, fresh, { people, pairs, meetings, now })),
        ...(await aboutMeetings(trx, { pairs, people, meetings, now, isQuiet })),
      );
    });
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }

  /** The row is the sum of its events, and a day that is over has fallen due. */
  async function aboutLedger(trx: Trx, people: Map<string, Person>, now: Temporal.Instant, isQuiet: boolean) {
    const problems: string[] = [];
    const rows = await trx.selectFrom('commitment').selectAll().execute();
    for (const row of rows) {
      const zone = people.get(row.ownerId)?.zone ?? 'UTC';
      const isOver = Temporal.PlainDate.compare(dayIn(zone, now), row.dueOn) > 0;
      if (isQuiet && isOver && row.state === 'asked') problems.push(`${row.id} is asked after its day`);
      if (isQuiet && isOver && row.state === 'open' && row.firstUnkeptOn === null)
        problems.push(`${row.id} is open after its day and never fell due`);
      if (seenVersion.get(row.id) === row.version) continue;
      seenVersion.set(row.id, row.version);
      const events = await trx
        .selectFrom('commitmentEvent')
        .selectAll()
        .where('commitmentId', '=', row.id)
        .orderBy('version')
        .execute();
      const sum = JSON.stringify(fold(events));
      if (sum !== JSON.stringify(factsOf(row)))
        problems.push(`${row.id} is not the sum of its events: ${JSON.stringify(factsOf(row))}, not ${sum}`);
      if (events.some(({ version }, place) => version !== place + 1) || events.length !== row.version)
        problems.push(`the versions of ${row.id} have a gap`);
      const unkept = events.filter(({ verb }) => verb === 'slipped').length;
      if (row.slips > unkept) problems.push(`${row.id} slipped ${row.slips} times by ${unkept} events`);
    }
    return problems;
  }

  /** Sent, given up for a reason, held for a reason, or waiting for its time. */
  async function aboutOutbox(trx: Trx, now: Temporal.Instant, isQuiet: boolean) {
    const problems: string[] = [];
    const rows = await trx.selectFrom('outbox').selectAll().where('state', '!=', 'posted').execute();
    for (const { kind, key, state: at, notBefore, reason } of rows) {
      if ((at === 'dropped' || at === 'held') && !reason) problems.push(`${kind} ${key} is ${at} for no reason`);
      if (isQuiet && (at === 'sending' || (at === 'queued' && !isBefore(now, notBefore))))
        problems.push(`${kind} ${key} is ${at} although nothing keeps it`);
      if (at === 'held') problems.push(`${kind} ${key} is held: ${reason}`);
    }
    return problems;
  }

  type Facts = { people: Map<string, Person>; pairs: Map<string, Pair>; meetings: Meeting[]; now: Temporal.Instant };

  /** What was shown since the last look was for its readers, was said once, and is so. */
  async function aboutShown(trx: Trx, fresh: Shown[], facts: Facts) {
    const problems: string[] = [];
    const ids = fresh.flatMap(({ outboxId }) => outboxId ?? []);
    const rows = ids.length > 0 ? await trx.selectFrom('outbox').selectAll().where('id', 'in', ids).execute() : [];
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const { outboxId, isNew, text, readers, where } of fresh) {
      for (const mark of new Set(text.match(MARK) ?? [])) {
        const may = await mayRead(trx, mark);
        const stranger = where === 'promises' ? !(await isDigestLine(trx, mark)) : readers.some((id) => !may.has(id));
        if (stranger)
          problems.push(`${mark} is shown in ${where} to ${readers}, and is for ${[...may]}: ${text.slice(0, 300)}`);
      }
      const row = outboxId === undefined ? undefined : byId.get(outboxId);
      if (outboxId && !row) problems.push(`${where} shows a message ${outboxId} that nobody enqueued`);
      if (!row || !isNew) continue;
      if ((postedTimes.get(row.id) ?? 0) > 1) problems.push(`${row.kind} ${row.key} was posted twice`);
      problems.push(...(await untrue(trx, row, text, readers, facts)).map((why) => `${row.kind} ${row.key}: ${why}`));
    }
    return problems;
  }

  /** What a new message says must be so. */
  async function untrue(trx: Trx, row: Outbox, text: string, readers: string[], facts: Facts): Promise<string[]> {
    const { meetings, people, now } = facts;
    const meeting = meetings.find(({ id }) => id === row.about.meeting);
    const reader = people.get(readers[0] ?? '');
    if (!reader?.active && readers.length === 1) return ['its reader has left'];
    switch (row.kind) {
      case 'opening-question':
      case 'keep':
      case 'brief':
      case 'card': {
        if (!meeting || !reader) return ['its meeting is not there'];
        const mayBe = row.kind === 'card' ? ['planned', 'held'] : ['planned'];
        if (!mayBe.includes(meeting.state)) return [`its meeting is ${meeting.state}`];
        const until = row.kind === 'card' ? endOf(meeting).add({ hours: 1 }) : meeting.startsAt;
        const late = !isBefore(now, until) ? [`it came at ${now}, after ${until}`] : [];
        const early = row.kind === 'card' && isBefore(now.add({ hours: 2 }), meeting.startsAt) ? ['it came early'] : [];
        return [...late, ...early, ...(row.kind === 'keep' ? [] : wrongTime(meeting.startsAt, reader, text))];
      }
      case 'bundle':
        if (!reader) return [];
        return [
          ...(isWelcome(reader, now) || isSkewed(now) ? [] : [`it came at ${now}, outside ${reader.zone} hours`]),
          ...(await wrongLines(trx, text, people, now)),
        ];
      case 'recap-nudge':
        return meeting?.state === 'planned' ? [] : [`its meeting is ${meeting?.state}`];
      case 'meeting-skipped':
        return meeting?.state === 'skipped' ? [] : [`its meeting is ${meeting?.state}`];
      case 'meeting-moved':
        return meeting?.state === 'planned' ? [] : [`its meeting is ${meeting?.state}`];
      case 'ask': {
        const one = await commitmentOf(trx, row);
        return one?.state === 'asked' ? [] : [`it is ${one?.state}`];
      }
      case 'own': {
        const one = await commitmentOf(trx, row);
        return one?.askedOwnerId === readers[0] ? [] : ['they are not asked any more'];
      }
      case 'agreement': {
        const one = await commitmentOf(trx, row);
        return one?.state === 'open' && (one.wantedDueOn || one.wantsWithdrawal) ? [] : ['nothing waits for agreement'];
      }
      default:
        return [];
    }
  }

  const isSkewed = (now: Temporal.Instant) => away.some(({ to }) => !isBefore(to.add({ hours: 5 }), now));

  const commitmentOf = (trx: Trx, { about }: Outbox) =>
    trx
      .selectFrom('commitment')
      .selectAll()
      .where('id', '=', about.commitment ?? '')
      .executeTakeFirst();

  function wrongTime(at: Temporal.Instant, reader: Person, text: string): string[] {
    const local = at.toZonedDateTimeISO(reader.zone);
    const minutes = String(local.minute).padStart(2, '0');
    const spoken = [`${local.hour % 12 || 12}:${minutes}`, `${String(local.hour).padStart(2, '0')}:${minutes}`];
    return spoken.some((time) => text.includes(time)) ? [] : [`it does not say ${spoken[0]}: ${text.slice(0, 200)}`];
  }

  /** A promise that a bundle calls overdue is open and over; one that it calls due is open and not over. */
  async function wrongLines(trx: Trx, text: string, people: Map<string, Person>, now: Temporal.Instant) {
    const problems: string[] = [];
    for (const line of (text.split('\n[', 1)[0] ?? '').split('\n')) {
      const [mark] = line.match(MARK) ?? [];
      const row = mark && (await findCommitmentOf(trx, mark));
      if (!row) continue;
      const today = dayIn(people.get(row.ownerId)?.zone ?? 'UTC', now);
      const isOver = Temporal.PlainDate.compare(today, row.dueOn) > 0;
      if (/\d days? overdue/.test(line) && (row.state !== 'open' || !isOver))
        problems.push(`not so: ${line} (${row.state})`);
      if (/, (today|tomorrow)$/.test(line) && (!['open', 'asked'].includes(row.state) || isOver))
        problems.push(`not so: ${line}`);
    }
    return problems;
  }

  async function findCommitmentOf(trx: Trx, mark: string): Promise<Commitment | undefined> {
    const rows = await trx.selectFrom('commitment').selectAll().execute();
    return rows.find(({ text }) => text.includes(mark));
  }

  async function isDigestLine(trx: Trx, mark: string): Promise<boolean> {
    const rows = await trx.selectFrom('commitment').select(['digestLine', 'side']).where('side', '=', 'firm').execute();
    return rows.some(({ digestLine }) => digestLine?.includes(mark));
  }

  /** Whose it is to read: found out where it is kept, and else it is its writer's alone. */
  async function mayRead(trx: Trx, mark: string): Promise<Set<string>> {
    const known = audience.get(mark) ?? new Set([written.get(mark) ?? '']);
    audience.set(mark, known);
    const add = (...ids: (string | null | undefined)[]) => {
      for (const id of ids) if (id) known.add(id);
    };
    const owned = await trx
      .selectFrom('commitment')
      .innerJoin('pair', 'pair.id', 'commitment.pairId')
      .select(['commitment.id', 'text', 'ownerId', 'askedOwnerId', 'leaderId', 'partnerId'])
      .execute();
    const reasons = await trx
      .selectFrom('commitmentEvent')
      .select(['commitmentId', 'reason'])
      .where('reason', 'is not', null)
      .execute();
    const about = new Set(reasons.filter(({ reason }) => reason?.includes(mark)).map((one) => one.commitmentId));
    for (const one of owned)
      if (one.text.includes(mark) || about.has(one.id)) add(one.ownerId, one.askedOwnerId, one.leaderId, one.partnerId);
    if (known.size > 1) return known;
    for (const { text, leaderId, partnerId } of await textsOfPairs(trx))
      if (text.includes(mark)) add(leaderId, partnerId);
    return known;
  }

  /** Everything else that people write belongs to a pair. */
  async function textsOfPairs(trx: Trx): Promise<{ text: string; leaderId: string; partnerId: string }[]> {
    const of = ['leaderId', 'partnerId'] as const;
    const purposes = trx
      .selectFrom('proposal')
      .innerJoin('pair', 'pair.id', 'proposal.pairId')
      .select(['purpose as text', ...of]);
    const items = trx
      .selectFrom('agendaItem')
      .innerJoin('pair', 'pair.id', 'agendaItem.pairId')
      .select(['agendaItem.text', ...of]);
    const met = trx.selectFrom('meeting').innerJoin('pair', 'pair.id', 'meeting.pairId');
    const skips = met
      .select(['skipReason as text', ...of])
      .where('skipReason', 'is not', null)
      .$narrowType<{ text: string }>();
    const answers = met.innerJoin('prepAnswer', 'prepAnswer.meetingId', 'meeting.id').select(['answer as text', ...of]);
    const recaps = met.innerJoin('recap', 'recap.meetingId', 'meeting.id');
    return [
      ...(await purposes.execute()),
      ...(await items.execute()),
      ...(await skips.execute()),
      ...(await answers.execute()),
      ...(await recaps.select(['outcome as text', ...of]).execute()),
      ...(await recaps.select(['decisions as text', ...of]).execute()),
    ];
  }

  /** Each occurrence of an agreed rhythm is planned, one after the other, and asked about or skipped by somebody. */
  async function aboutMeetings(trx: Trx, facts: Facts & { isQuiet: boolean }) {
    const { pairs, meetings, now, isQuiet } = facts;
    const problems: string[] = [];
    const agreed = await trx
      .selectFrom('proposal')
      .selectAll()
      .where('state', 'in', ['accepted', 'replaced'])
      .execute();
    for (const cadence of agreed) {
      const planned = meetings
        .filter(({ proposalId, occurrenceOn }) => proposalId === cadence.id && occurrenceOn !== null)
        .sort((a, b) => String(a.occurrenceOn).localeCompare(String(b.occurrenceOn)));
      const rhythm = rhythmOf(cadence as unknown as PairedProposal);
      problems.push(...gaps(planned, rhythm));
      const latest = planned.at(-1);
      const isInForce = cadence.state === 'accepted' && pairs.get(cadence.pairId)?.state === 'active';
      if (!isQuiet || !isInForce) continue;
      if (!latest) problems.push(`nothing was planned of ${cadence.id}`);
      else if (latest.state !== 'planned' && !isBefore(now, startOf(latest, rhythm)))
        problems.push(`nothing is planned after ${latest.occurrenceOn}, which is ${latest.state}`);
    }
    for (const meeting of meetings) {
      if (settledMeetings.has(meeting.id) || isBefore(now, meeting.startsAt)) continue;
      if (meeting.state === 'planned' && isBefore(now, endOf(meeting).add({ hours: 2 }))) continue;
      settledMeetings.add(meeting.id);
      problems.push(...(await unprompted(trx, meeting, facts)));
    }
    return problems;
  }

  const startOf = ({ occurrenceOn, startsAt }: Meeting, rhythm: Rhythm) =>
    occurrenceOn ? atWallTime(occurrenceOn, rhythm.wallTime, rhythm.zone) : startsAt;

  function gaps(planned: Meeting[], rhythm: Rhythm): string[] {
    return planned.slice(1).flatMap((meeting, place) => {
      const before = planned[place];
      const expected = before && nextOccurrence(rhythm, startOf(before, rhythm)).on;
      return !expected || meeting.occurrenceOn?.equals(expected)
        ? []
        : [`after ${before.occurrenceOn} (${before.state}) came ${meeting.occurrenceOn}, and ${expected} was left out`];
    });
  }

  /** A meeting whose time has come without a word about it, and without a reason. */
  async function unprompted(trx: Trx, meeting: Meeting, { pairs, people }: Facts): Promise<string[]> {
    if (['skipped', 'replaced'].includes(meeting.state)) {
      const isSaid = meeting.state === 'replaced' || meeting.skippedBy !== null;
      return isSaid ? [] : [`${meeting.id} was skipped by nobody`];
    }
    const pair = pairs.get(meeting.pairId);
    const partner = people.get(pair?.partnerId ?? '');
    const problems: string[] = [];
    const isEarly = meeting.endedAt !== null && !isBefore(meeting.startsAt, meeting.endedAt);
    const prompts = [
      {
        key: `opening-question:${meeting.id}`,
        from: meeting.startsAt.subtract({ hours: partner?.prepHours ?? 24 }),
        to: meeting.startsAt,
      },
      { key: `card:${meeting.id}:${meeting.movedTimes}`, from: meeting.startsAt, to: endOf(meeting).add({ hours: 1 }) },
    ];
    for (const { key, from, to } of prompts) {
      const row = await trx.selectFrom('outbox').selectAll().where('key', '=', key).executeTakeFirst();
      const begun = isBefore(from, meeting.bookedAt) ? meeting.bookedAt : from;
      const isExcused =
        row?.postedAt ||
        row?.reason ||
        isEarly ||
        !isBefore(begun, to) ||
        pair?.state !== 'active' ||
        wasAway(begun, to);
      const isAnswered = key.startsWith('opening') && (await hasAnswered(trx, meeting));
      if (!isExcused && !isAnswered)
        problems.push(
          `${key} was never said (${meeting.state} at ${meeting.startsAt}, booked ${meeting.bookedAt}, ${meeting.stepsDone})`,
        );
    }
    return problems;
  }

  const wasAway = (from: Temporal.Instant, to: Temporal.Instant): boolean =>
    away.some((one) => !isBefore(from, one.from) && !isBefore(one.to, to));

  const hasAnswered = async (trx: Trx, { id }: Meeting): Promise<boolean> =>
    (
      await trx
        .selectFrom('prepAnswer')
        .select('meetingId')
        .where('meetingId', '=', id)
        .where('question', '=', 'outcome')
        .execute()
    ).length > 0;

  /** One bundle a day and person, by the days on which they were made. */
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

function outboxOf({ metadata }: Message): string | undefined {
  const id = metadata?.event_payload.outbox;
  return typeof id === 'string' ? id : undefined;
}
