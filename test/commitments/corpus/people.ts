import type { Writer } from '../../../src/commitments/parse/writer.ts';

/** The people who write the corpus' lines, in four time zones and two orders of day and month. */

type Speaker = Pick<Writer, 'id' | 'locale' | 'pairs'> & { zone: string };
type Pair = Writer['pairs'][number];

const pair = (role: Pair['role'], otherId: string, otherNames: string[], kind: Pair['kind'] = 'contractor'): Pair => ({
  pairId: `with-${otherId}`,
  kind,
  role,
  otherId,
  otherNames,
});

/** Leads three, month-day, New York. */
export const dana: Speaker = {
  id: 'UDANA',
  locale: 'en-US',
  zone: 'America/New_York',
  pairs: [
    pair('leader', 'UANA', ['Ana', 'Ana Lima']),
    pair('leader', 'UMARCUS', ['Marcus', 'Marcus Webb']),
    pair('leader', 'UKIRAN', ['Kiran', 'Kiran Rao', 'kiki']),
  ],
};

/** Partner of Dana alone, month-day, Los Angeles. */
export const ana: Speaker = {
  id: 'UANA',
  locale: 'en-US',
  zone: 'America/Los_Angeles',
  pairs: [pair('partner', 'UDANA', ['Dana', 'Dana Reyes'])],
};

/** Leads people whose names are ordinary words or shared, day-month, London. */
export const priya: Speaker = {
  id: 'UPRIYA',
  locale: 'en-GB',
  zone: 'Europe/London',
  pairs: [
    pair('leader', 'UTOM', ['Tom', 'Tom Shaw'], 'report'),
    pair('leader', 'UTOMB', ['Tom', 'Tom Byrne']),
    pair('leader', 'UWILL', ['Will', 'Will Marsh']),
    pair('leader', 'UAPRIL', ['April', 'April Stone']),
    pair('leader', 'UJOSE', ['José', 'José Díaz']),
  ],
};

/** Leads Lee and is himself the partner of Ruth, day-month, Sydney. */
export const sam: Speaker = {
  id: 'USAM',
  locale: 'en-AU',
  zone: 'Australia/Sydney',
  pairs: [pair('leader', 'ULEE', ['Lee', 'Lee Wong'], 'report'), pair('partner', 'URUTH', ['Ruth', 'Ruth Hale'])],
};

/** Leads one person and nobody else, day-month, London. */
export const noor: Speaker = {
  id: 'UNOOR',
  locale: 'en-GB',
  zone: 'Europe/London',
  pairs: [pair('leader', 'UFINN', ['Finn', 'Finn Kelly'])],
};

/** Has no pair yet. */
export const zoe: Speaker = { id: 'UZOE', locale: 'en-US', zone: 'America/New_York', pairs: [] };

/** Late on Wednesday 11 March 2026 in America, Thursday 12 March in London and Sydney. */
export const MIDWEEK = '2026-03-12T02:30:00Z';
/** Friday 13 March 2026; in Sydney Saturday the 14th. */
export const FRIDAY = '2026-03-13T15:00:00Z';
/** Sunday 15 March 2026 everywhere. */
export const SUNDAY = '2026-03-15T12:00:00Z';
/** Wednesday 30 December 2026; in Sydney Thursday the 31st. */
export const YEAR_END = '2026-12-30T20:00:00Z';

export type Kept = {
  act: 'promise' | 'ask';
  other: string;
  text: string;
  due: string;
  priority: 'now' | 'later';
  alternative?: string;
  colleague?: string;
};
export type Line = { by: Speaker; at: string; line: string; expected: Kept | { question: string; text?: string } };

type More = Partial<Pick<Kept, 'priority' | 'alternative' | 'colleague'>>;
const keeps =
  (act: Kept['act']) =>
  (other: string, text: string, due: string, more: More = {}): Kept => ({
    act,
    other,
    text,
    due,
    priority: 'now',
    ...more,
  });

/** The writer owes it to `other`. */
export const promise = keeps('promise');
/** The writer asks `other` for it. */
export const ask = keeps('ask');
/** One question, with the form filled in. */
export const asked = (question: string, text?: string) => ({ question, text });
export const later = { priority: 'later' } as const;

export const said = (by: Speaker, at: string, line: string, expected: Line['expected']): Line => ({
  by,
  at,
  line,
  expected,
});
