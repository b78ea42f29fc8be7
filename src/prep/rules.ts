import { dayIn } from '../ground/zoned.ts';

/** What is asked before a meeting, in the order of the form: the words are the framework's own. */
export const questions = [
  { id: 'outcome', ask: 'What is the highest-value outcome this meeting needs to produce for you today?', atMost: 600 },
  { id: 'support', ask: 'What support do you need from me in the coming week(s)?', atMost: 1500 },
  { id: 'went-well', ask: 'What went well, and how can we celebrate it?', atMost: 1500 },
  { id: 'leverage', ask: 'How can we leverage what worked?', atMost: 1500 },
  { id: 'better', ask: 'What could have gone better?', atMost: 1500 },
  { id: 'differently', ask: 'What could you try differently next time?', atMost: 1500 },
  // Last and short: a list of states never takes the meeting over.
  { id: 'updates', ask: 'Updates: obstacles, resources, alignment', atMost: 400 },
] as const;

export type Question = (typeof questions)[number]['id'];

export type LedgerRow = {
  side: 'partner' | 'firm';
  state: string;
  text: string;
  dueOn: Temporal.PlainDate;
  ownerZone: string;
};

const daysOver = ({ dueOn, ownerZone }: LedgerRow, now: Temporal.Instant): number =>
  dueOn.until(dayIn(ownerZone, now)).days;

/** The open one that is overdue longest, on one side. */
export const longestOverdue = <R extends LedgerRow>(
  rows: readonly R[],
  side: 'partner' | 'firm',
  now: Temporal.Instant,
): R | undefined =>
  rows
    .filter((row) => row.side === side && row.state === 'open' && daysOver(row, now) > 0)
    .sort((a, b) => daysOver(b, now) - daysOver(a, now))[0];

/** What both promised, counted alike: how many stand open on each side, how many are over, by how many days at most. */
export function onTheTable(rows: readonly LedgerRow[], now: Temporal.Instant) {
  const open = rows.filter(({ state }) => state === 'open');
  const over = open.map((row) => daysOver(row, now)).filter((days) => days > 0);
  return {
    partner: open.filter(({ side }) => side === 'partner').length,
    firm: open.filter(({ side }) => side === 'firm').length,
    overdue: over.length,
    longest: Math.max(0, ...over),
  };
}

export type BriefFacts = {
  kind: 'contractor' | 'report';
  outcome: boolean;
  /** What is overdue longest on each side, in its own words. */
  firmLate?: string;
  partnerLate?: string;
  hasAgenda: boolean;
  hasDecisions: boolean;
  hasKept: boolean;
};

/** How much the brief states: what is wanted, the two columns, what was kept, the agenda, what was decided. */
export const statementsOf = ({ hasAgenda, hasDecisions, hasKept }: BriefFacts): number =>
  3 + [hasAgenda, hasDecisions, hasKept].filter(Boolean).length;

/** One question more than there are statements, the ones that today's facts raise first. */
export function worthAsking(facts: BriefFacts): string[] {
  const { kind, outcome, firmLate, partnerLate, hasAgenda, hasDecisions } = facts;
  const all = [
    outcome ? 'What needs deciding for that outcome?' : 'What would make this meeting worth your time?',
    'What support do you need from me in the coming weeks?',
    'What could I have done better since we last spoke?',
    firmLate && `What does ${kind === 'report' ? 'my' : 'our'} delay cost you: ${firmLate}?`,
    partnerLate && `What stands in the way: ${partnerLate}?`,
    hasDecisions && 'What has come of what we decided last time?',
    hasAgenda && 'Which point of the agenda matters most to you?',
    'What do you see that I do not?',
    kind === 'report' ? 'What holds your work back most right now?' : 'What holds your business back most right now?',
    'What should we stop doing?',
  ];
  return all.filter((question) => typeof question === 'string').slice(0, statementsOf(facts) + 1);
}

export type Kept = 'keep' | 'shorten';
export const keptAs = (answer: string | undefined): Kept | undefined =>
  answer === 'keep' || answer === 'shorten' ? answer : undefined;
