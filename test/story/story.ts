import { expect } from '@jest/globals';
import type { Fields } from '../support/persona.ts';

/** One of the two hands that the story is told with: the page in a browser, or the control API. */
export type Hand = {
  types(who: Who, line: string): Promise<void>;
  clicks(who: Who, label: string, where?: { in?: string; row?: string }): Promise<void>;
  submits(who: Who, title: string, fields: Fields): Promise<void>;
  /** The text of a conversation or of Home, in which all of these words have to stand. */
  sees(who: Who, where: string, ...words: string[]): Promise<string>;
  moves(to: string): Promise<void>;
  /** Keeps a picture, where there is something to see. */
  shows(name: string): Promise<void>;
};
export type Who = 'dana' | 'ana';

const ACCORD = 'Accord';
const PROMISES = 'promises';
const OUTCOME = 'What is the highest-value outcome this meeting needs to produce for you today?';

/** What Dana's Home shows in the end. */
export const AFTER_SIX_WEEKS = ['Tue Apr 20, 1:00 PM (10:00 AM for Ana)', 'vendor introduction', 'carried over'];

/** A leader and an agent from the first proposal to the firm's digest: six weeks, with New York's change of clocks in them. */
export async function sixWeeks(hand: Hand): Promise<void> {
  await theyAgree(hand);
  await theyPromise(hand);
  await theFirmSetsUpItsDigest(hand);
  await theFirstMeeting(hand);
  await theFirmIsHeldToItsWord(hand);
  await theSecondMeeting(hand);
  await sixWeeksOn(hand);
}

async function theyAgree(hand: Hand): Promise<void> {
  await hand.types('dana', '/accord with @ana');
  await hand.submits('dana', 'Propose a rhythm', { 'What it is for': 'operating support' });
  await hand.shows('01-proposed');
  await hand.sees('ana', ACCORD, 'Dana proposes a standing one-on-one with you');
  await hand.shows('02-proposal');

  await hand.clicks('ana', 'Suggest another');
  await hand.submits('ana', 'Suggest a rhythm', { Time: '10:00' });
  await hand.sees(
    'dana',
    ACCORD,
    'Ana proposes a standing one-on-one with you',
    '1:00 PM to 1:45 PM (10:00 AM for Ana)',
  );
  await hand.clicks('dana', 'Accept');
  for (const who of ['dana', 'ana'] as const) await hand.sees(who, ACCORD, 'one-on-one.ics');
  await hand.shows('03-agreed');
}

async function theyPromise(hand: Hand): Promise<void> {
  await hand.types('ana', '/commit send @dana two comps by Friday');
  await hand.types('dana', '/commit listing presentation for @ana by Friday');
  await hand.sees('dana', ACCORD, 'listing presentation, Fri Mar 5 · yours, with Ana');
  await hand.types('dana', '/commit ask @ana two referral partners named by end of month');
  await hand.clicks('ana', 'Accept');
  await hand.sees('ana', ACCORD, 'two referral partners named, Wed Mar 31 · for Dana');
  await hand.types('ana', '/accord ledger');
  await hand.sees('ana', ACCORD, 'listing presentation', 'two referral partners named');
  await hand.shows('04-ledger');
}

async function theFirmSetsUpItsDigest(hand: Hand): Promise<void> {
  await hand.types('dana', '/accord settings');
  await hand.shows('05-settings');
  await hand.submits('dana', 'Settings', { 'Digest channel': '#promises', 'Digest day': 'Monday' });
}

async function theFirstMeeting(hand: Hand): Promise<void> {
  // Thursday: what is due tomorrow comes in one bundle; Ana's is done, the firm's is not.
  await hand.moves('2027-03-04T18:00:00Z');
  await hand.sees('ana', ACCORD, 'send Dana two comps, tomorrow');
  await hand.clicks('ana', 'Done', { row: 'two comps' });

  await hand.moves('2027-03-08T18:30:00Z');
  await hand.sees('ana', ACCORD, 'Tomorrow 10:00 AM with Dana: what should it produce for you?');
  await hand.shows('06-opening-question');
  await hand.clicks('ana', 'Answer, 1 minute');
  await hand.submits('ana', 'Before you meet', { [OUTCOME]: 'a decision on relisting Oak Street' });

  await hand.moves('2027-03-08T23:00:00Z');
  await hand.sees(
    'dana',
    ACCORD,
    'Ana wants: a decision on relisting Oak Street',
    'listing presentation, 3 days overdue',
  );
  await hand.shows('07-brief');

  await hand.moves('2027-03-09T18:05:00Z');
  await hand.sees(
    'ana',
    'Accord, Dana',
    'Outcome wanted: a decision on relisting Oak Street',
    'listing presentation, 4 days overdue',
  );
  await hand.shows('08-card');
  await hand.clicks('dana', 'Write recap', { in: 'Accord, Ana' });
  await hand.submits('dana', 'Recap', {
    Decided: 'relist at $1.15M on Monday; stop the portal ads',
    'Row 1: what': 'vendor introduction',
    'Row 1: by when': '2027-03-19',
    'Row 2: what': 'seller update on Oak Street',
    'Row 2: by when': '2027-03-12',
  });
  await hand.sees(
    'ana',
    'Accord, Dana',
    'relist at $1.15M on Monday; stop the portal ads',
    'vendor introduction by Fri Mar 19',
  );
  await hand.shows('09-recap');
  await hand.clicks('ana', 'Confirm', { in: 'Accord, Dana' });
  await hand.submits('ana', 'Confirm the recap', {
    'Was the outcome produced?': 'Yes',
    'Who did most of the talking?': 'About even',
  });
  await hand.sees('dana', 'Accord, Ana', 'confirmed by Ana');
}

async function theFirmIsHeldToItsWord(hand: Hand): Promise<void> {
  // The Monday after New York's clocks changed: still nine o'clock there.
  await hand.moves('2027-03-15T13:05:00Z');
  const digest = await hand.sees(
    'dana',
    PROMISES,
    'What the firm promised its agents',
    'listing presentation, Dana, 10 days overdue',
    'vendor introduction',
  );
  expect(digest).not.toContain('Ana');
  expect(digest).not.toContain('seller update');
  await hand.shows('10-digest');

  await hand.clicks('dana', 'Done', { row: 'listing presentation', in: ACCORD });
  await hand.types('dana', '/accord ledger');
  await hand.sees('dana', ACCORD, 'listing presentation, kept');
}

async function theSecondMeeting(hand: Hand): Promise<void> {
  await hand.moves('2027-03-22T22:00:00Z');
  await hand.sees('dana', ACCORD, 'vendor introduction, 3 days overdue');
  // Ten o'clock in Los Angeles is an hour earlier by the world's clock than before the change.
  await hand.moves('2027-03-23T17:05:00Z');
  await hand.sees('dana', 'Accord, Ana', 'Tue Mar 23, 10:00 AM (1:00 PM for Dana)');
  await hand.clicks('ana', 'Write recap', { in: 'Accord, Dana' });
  await hand.submits('ana', 'Recap', { Outcome: 'the listing goes live Thursday', Decided: 'photos on Wednesday' });
  await hand.clicks('dana', 'Confirm', { in: 'Accord, Ana' });
  await hand.submits('dana', 'Confirm the recap', { 'Was the outcome produced?': 'Partly' });
  await hand.sees('ana', 'Accord, Dana', 'confirmed by Dana');
}

async function sixWeeksOn(hand: Hand): Promise<void> {
  await hand.moves('2027-04-12T14:00:00Z');
  await hand.sees('dana', 'Home', ...AFTER_SIX_WEEKS);
  await hand.shows('11-home');
}
