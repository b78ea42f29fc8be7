/** One step: what to do, as whom and where, and by what one can see that it is done. */
export type Step = {
  name: string;
  title: string;
  what: string;
  as: string;
  called: string;
  /** With whom the step is taken in a shared conversation; otherwise it is taken in the messages with the app. */
  beside?: string;
  /** Put into the composer, ready to be sent. */
  type?: string;
  until: { as: string; sees: RegExp };
};

const DANA = 'U0DANA0001';
const ANA = 'U0ANA00001';

/** The people are those of the seeded workspace. */
export const STEPS: readonly Step[] = [
  {
    name: 'propose',
    title: 'As Dana, propose a rhythm to Ana',
    what: 'Send “/accord with @ana”. A form opens with a rhythm that suits her business; press Propose.',
    as: DANA,
    called: 'Dana',
    type: '/accord with @ana',
    until: { as: ANA, sees: /proposes a standing one-on-one/ },
  },
  {
    name: 'agree',
    title: 'As Ana, suggest another rhythm, or accept this one',
    what: 'Her messages with Accord hold the proposal. If you suggest another, become Dana and accept it. Nothing is on a calendar until both agree.',
    as: ANA,
    called: 'Ana',
    until: { as: ANA, sees: /Agreed with / },
  },
  {
    name: 'prepare',
    title: 'Move the clock to the day before, and answer as Ana',
    what: 'Press “Next due” in the bar on top until Ana is asked what the meeting should produce for her. Then press “Answer, 1 minute” in her messages.',
    as: ANA,
    called: 'Ana',
    until: { as: ANA, sees: /You answered:/ },
  },
  {
    name: 'recap',
    title: 'Move to the meeting, and write the recap as Dana',
    what: 'Press “Next due” until the meeting’s card arrives in “Accord, Ana”. Press “Write recap”, and give each side one promise with its day: Ana one, the firm one.',
    as: DANA,
    called: 'Dana',
    beside: ANA,
    until: { as: ANA, sees: /(Written|Corrected) by / },
  },
  {
    name: 'keep',
    title: 'As Ana, confirm the recap; then see the firm held to its word',
    what: 'Press “Confirm” under the recap. Then, as Dana, send “/accord settings”, choose #promises as the digest channel, and press “+1 week”: reminders come, and the digest shows what the firm promised.',
    as: ANA,
    called: 'Ana',
    beside: DANA,
    until: { as: DANA, sees: /What the firm promised/ },
  },
];
