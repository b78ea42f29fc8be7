import type { ModalView } from '@slack/types';
import type { PairedMeeting } from '../meetings/store.ts';
import { meetingTime, nameOf } from '../meetings/views.ts';
import type { Person } from '../people/store.ts';
import { context, modal, section, textArea } from '../slack/blocks.ts';
import { type Form, type FormState, optionalText, readForm, text } from '../slack/form.ts';
import { type Question, questions } from './rules.ts';
import type { Answers } from './said.ts';

export const PREP_SUBMITTED = 'prep:submitted';

/** The questions, filled in with what was answered before. */
export function prepModal(meeting: PairedMeeting, viewer: Person, other: Person, answers: Answers): ModalView {
  return modal({
    callbackId: PREP_SUBMITTED,
    title: 'Before you meet',
    submit: 'Save',
    privateMetadata: meeting.id,
    blocks: [
      section(`With *${nameOf(other)}*, ${meetingTime(meeting.startsAt, viewer, other)}`),
      ...questions.map(({ id, ask, atMost }) =>
        textArea({ id, label: ask, optional: id !== 'outcome', initial: answers.get(id), maxLength: atMost }),
      ),
      context(`${nameOf(other)} sees this; it goes in no channel. You can change it until you meet.`),
    ],
  });
}

/** What was answered, by question; an empty text takes an answer back. */
export function readPrep(state: FormState): Form<Record<Question, string>> {
  const read = readForm(state, {
    outcome: text({ max: 600, missing: 'Name the one outcome that matters most. One line is enough.' }),
    support: optionalText({ max: 1500 }),
    'went-well': optionalText({ max: 1500 }),
    leverage: optionalText({ max: 1500 }),
    better: optionalText({ max: 1500 }),
    differently: optionalText({ max: 1500 }),
    updates: optionalText({ max: 400 }),
  });
  if (!read.ok) return read;
  const { value } = read;
  return {
    ok: true,
    value: {
      outcome: value.outcome,
      support: value.support ?? '',
      'went-well': value['went-well'] ?? '',
      leverage: value.leverage ?? '',
      better: value.better ?? '',
      differently: value.differently ?? '',
      updates: value.updates ?? '',
    },
  };
}

/** Where a refusal is shown. */
export const prepErrors = (why: string): Record<string, string> => ({ outcome: why });
