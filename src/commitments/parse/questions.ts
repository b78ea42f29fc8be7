import { spokenDate } from '../../ground/days.ts';
import type { Due } from './due-day.ts';
import type { Writer } from './writer.ts';

/** What is left open: the form is opened on that field, with the rest filled in. */
export type Question = 'when' | 'which-day' | 'past' | 'who' | 'owner' | 'what' | 'no-pair';

const KEPT = 'Your text is still here';

/** One sentence or two: what is open, what was kept, what to do. */
export function whyAsked(question: Question, due: Due, writer: Writer, outsider: string | undefined): string {
  switch (question) {
    case 'no-pair':
      return 'You have no one-on-one yet, so there is nobody to promise this to. Start with /accord with @name; then commit it.';
    case 'what':
      return 'Say what is promised and by when: /commit send the listing presentation by Friday.';
    case 'who':
      return outsider
        ? `${outsider} and you have no one-on-one here. ${KEPT}; choose whom it is with.`
        : `${KEPT}; choose whom it is with.`;
    case 'owner':
      return `Who is to do it is not clear. ${KEPT}; choose the owner.`;
    case 'when':
    case 'which-day':
    case 'past':
      return `${dayReason(due, writer)} ${KEPT}; pick a day from today on.`;
  }
}

function dayReason(due: Due, writer: Writer): string {
  if (!('ask' in due)) return 'No day was named.';
  switch (due.because) {
    case 'passed':
      return due.day ? `${spokenDate(due.day, writer.today, writer.locale)} has passed.` : 'That day has passed.';
    case 'none':
      return 'No day was named.';
    case 'hour only':
      return 'An hour was named, but no day.';
    case 'vague':
      return 'That names no day.';
    case 'repeats':
      return 'A promise has one day; this one comes round again.';
    case 'more than one day':
      return 'More than one day was named.';
    case 'passed lately':
      return 'That date went by a short while ago; the next one is almost a year away.';
    case 'weekday and date differ':
      return 'The weekday and the date do not agree.';
    case 'no such day':
      return 'There is no such day.';
    case 'before a day':
      return 'Before a day: which one is the last?';
    case 'an occasion':
      return 'That is an occasion, not a date.';
    case 'years away':
      return 'That is more than five years away.';
    case 'working days':
      return 'Working days differ from place to place.';
    case 'about a day':
      return 'About when is not yet when.';
    default:
      return `That is ${due.because}, not a day.`;
  }
}
