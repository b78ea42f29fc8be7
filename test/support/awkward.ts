import type { Person } from '../../src/people/store.ts';

/** What people really type, and what they might: every screen has to hold it. */
export const awkwardTexts: [string, string][] = [
  ['a short name', 'Ana'],
  ['a name of 80 letters', 'Maximiliane-Ottilie '.repeat(4)],
  ['3,000 letters', 'listing presentation '.repeat(143).slice(0, 3000)],
  ['3,000 characters that are escaped', '<&>'.repeat(1000)],
  ['right-to-left text', 'عرض العقار لدانا قبل يوم الجمعة '.repeat(20)],
  ['emoji of several code points', '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(60)],
  ['mentions, broadcasts and links as typed', '<!channel> <@U0DANA0001> <https://evil.example|bank> *bold* `code`'],
  ['blanks', '   '],
];

/** A person as Slack might describe one. */
export function anybody(special: Partial<Person> = {}): Person {
  return {
    workspaceId: 'T0RIVER001',
    id: 'U0DANA0001',
    name: 'Dana',
    handle: 'dana',
    zone: 'America/New_York',
    locale: 'en-US',
    kind: 'member',
    active: true,
    welcomeFrom: Temporal.PlainTime.from('08:00'),
    welcomeTo: Temporal.PlainTime.from('18:00'),
    workdays: [1, 2, 3, 4, 5],
    level: 'standard',
    snoozedUntil: null,
    prepHours: 24,
    bundleDueAt: null,
    bundledOn: null,
    bundledAt: null,
    homeStaleAt: null,
    newsDueAt: null,
    homeHash: null,
    privacyToldAt: null,
    checkedAt: Temporal.Instant.from('2027-03-01T14:00:00Z'),
    ...special,
  };
}
