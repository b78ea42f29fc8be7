import type { KnownBlock } from '@slack/types';
import { spokenDate } from '../ground/days.ts';
import { dayIn, isBefore, weekdayName } from '../ground/zoned.ts';
import { checkboxes, context, radio, select, timePicker } from '../slack/blocks.ts';
import { choice, choices, type Form, type FormState, readForm, wallTime } from '../slack/form.ts';
import type { Person, Preferences } from './store.ts';

const LEVEL = 'level';
const FROM = 'welcomeFrom';
const TO = 'welcomeTo';
const DAYS = 'workdays';
const PREP = 'prepHours';
const SNOOZE = 'snooze';

const days = ['1', '2', '3', '4', '5', '6', '7'] as const;
const levels = ['quiet', 'standard', 'active'] as const;
const prepHours = ['4', '12', '24', '48', '72'] as const;
const saidHours: Record<(typeof prepHours)[number], string> = {
  '4': '4 hours before',
  '12': '12 hours before',
  '24': 'The day before',
  '48': '2 days before',
  '72': '3 days before',
};

/** When and how much somebody wants to hear, as fields of a form. */
export function preferenceFields(person: Person, now: Temporal.Instant): KnownBlock[] {
  const snoozed = person.snoozedUntil !== null && isBefore(now, person.snoozedUntil) ? person.snoozedUntil : undefined;
  return [
    radio({
      id: LEVEL,
      label: 'How much you hear',
      choices: [
        { value: 'quiet', label: 'Quiet', description: 'Each promise on its day, and once it is over' },
        { value: 'standard', label: 'Standard', description: 'Also on the working day before' },
        { value: 'active', label: 'Active', description: 'Also a week before' },
      ],
      initial: person.level,
    }),
    timePicker({ id: FROM, label: 'Messages are welcome from', initial: person.welcomeFrom }),
    timePicker({ id: TO, label: 'until', initial: person.welcomeTo }),
    context(`Your local time, ${person.zone.replaceAll('_', ' ')}. It follows your Slack profile.`),
    checkboxes({
      id: DAYS,
      label: 'Working days',
      choices: days.map((day) => ({ value: day, label: weekdayName(Number(day)) })),
      initial: person.workdays.map(String),
    }),
    select({
      id: PREP,
      label: 'The opening question of a meeting comes',
      choices: [
        ...prepHours.map((hours) => ({ value: hours as string, label: saidHours[hours] })),
        ...(prepHours.some((hours) => Number(hours) === person.prepHours)
          ? []
          : [{ value: String(person.prepHours), label: `${person.prepHours} hours before` }]),
      ],
      initial: String(person.prepHours),
    }),
    ...(snoozed
      ? [
          checkboxes({
            id: SNOOZE,
            label: 'Reminders',
            optional: true,
            choices: [{ value: 'on', label: `Snoozed until ${spokenDay(snoozed, person, now)}` }],
            initial: ['on'],
          }),
        ]
      : []),
  ];
}

const spokenDay = (at: Temporal.Instant, { zone, locale }: Person, now: Temporal.Instant): string =>
  spokenDate(dayIn(zone, at), dayIn(zone, now), locale);

/** What was chosen, or the problems by field. A snooze that the form did not show stays as it is. */
export function readPreferences(state: FormState, person: Person): Form<Preferences> {
  const read = readForm(state, {
    [LEVEL]: choice(levels),
    [FROM]: wallTime(),
    [TO]: wallTime(),
    [DAYS]: choices(days),
    [PREP]: choice([...prepHours, String(person.prepHours)]),
    [SNOOZE]: choices(['on']),
  });
  if (!read.ok) return read;
  const { level, welcomeFrom, welcomeTo, workdays, prepHours: hours, snooze } = read.value;
  const isShown = state.values[SNOOZE] !== undefined;
  return {
    ok: true,
    value: {
      level,
      welcomeFrom,
      welcomeTo,
      workdays: workdays.map(Number),
      prepHours: Number(hours),
      snoozedUntil: isShown && snooze.length === 0 ? null : person.snoozedUntil,
    },
  };
}
