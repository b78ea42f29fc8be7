import { z } from 'zod';

/** What `accord.json` of an export holds; `docs/export-schema.md` says it in words. */

const instant = z.iso.datetime();
const day = z.iso.date();
const id = z.uuid();
/** Slack's id of a person, and the name by which they are known here. */
const person = z.strictObject({ id: z.string(), name: z.string() });
const rate = z.strictObject({ kept: z.int().min(0), due: z.int().min(0) });
const rates = z.strictObject({ fourWeeks: rate, twelveWeeks: rate });
const side = z.enum(['partner', 'firm']);

const rhythm = z.strictObject({
  id,
  proposedBy: person,
  proposedAt: instant,
  state: z.enum(['open', 'accepted', 'countered', 'declined', 'withdrawn', 'replaced']),
  answeredAt: instant.nullable(),
  every: z.enum(['weeks', 'months', 'quarters']),
  interval: z.int(),
  monthlyBy: z.enum(['day', 'weekday']).nullable(),
  firstDay: day,
  time: z.iso.time(),
  zone: z.string(),
  minutes: z.int(),
  purpose: z.string(),
});

const answer = z.strictObject({ by: person, question: z.string(), answer: z.string(), writtenAt: instant });

const recap = z.strictObject({
  id,
  version: z.int(),
  state: z.enum(['posted', 'confirmed', 'replaced']),
  writtenBy: person,
  writtenAt: instant,
  outcome: z.string(),
  decisions: z.string(),
  nextAt: instant.nullable(),
  confirmedBy: person.nullable(),
  confirmedAt: instant.nullable(),
  produced: z.enum(['yes', 'partly', 'no']).nullable(),
  /** Left out for whoever neither leads the pair nor said so. */
  talkedMost: z.enum(['leader', 'partner', 'even']).nullable().optional(),
});

const meeting = z.strictObject({
  id,
  startsAt: instant,
  minutes: z.int(),
  state: z.enum(['planned', 'held', 'skipped', 'unrecorded', 'replaced']),
  moved: z.int(),
  skippedBy: person.nullable(),
  skipReason: z.string().nullable(),
  answers: z.array(answer),
  recaps: z.array(recap),
});

const agendaItem = z.strictObject({
  id,
  by: person,
  text: z.string(),
  link: z.string().nullable(),
  addedAt: instant,
  removedAt: instant.nullable(),
  talkedAboutAt: id.nullable(),
});

const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const event = z.strictObject({
  at: instant,
  by: person.nullable(),
  what: z.string(),
  before: facts,
  after: facts,
  reason: z.string().nullable(),
});

const commitment = z.strictObject({
  id,
  side,
  text: z.string(),
  owner: person,
  writtenBy: person,
  askedBy: person.nullable(),
  dueOn: day,
  priority: z.enum(['now', 'later']),
  state: z.enum(['asked', 'open', 'kept', 'missed', 'withdrawn', 'declined', 'lapsed']),
  firstUnkeptOn: day.nullable(),
  keptOn: day.nullable(),
  moved: z.int(),
  carriedOver: z.int(),
  digestLine: z.string().nullable(),
  link: z.string().nullable(),
  recap: id.nullable(),
  writtenAt: instant,
  events: z.array(event),
});

const pair = z.strictObject({
  id,
  kind: z.enum(['contractor', 'report']),
  state: z.enum(['proposed', 'active', 'declined', 'ended']),
  leader: person,
  partner: person,
  agreedAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** `everything` for the two of the pair; `own words` for somebody who has left it. */
  holds: z.enum(['everything', 'own words']),
  keptOnTime: z.strictObject({ partner: rates, firm: rates }).nullable(),
  rhythms: z.array(rhythm),
  meetings: z.array(meeting),
  agenda: z.array(agendaItem),
  commitments: z.array(commitment),
});

export const exportShape = z.strictObject({
  schema: z.literal('accord-export/1'),
  exportedAt: instant,
  exportedFor: person,
  pairs: z.array(pair),
});

export type Exported = z.infer<typeof exportShape>;
export type ExportedPair = Exported['pairs'][number];
