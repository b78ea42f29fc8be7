import { describe, expect, test } from '@jest/globals';
import { digestRows } from '../../src/digest/rules.ts';
import { type Digest, digestFields, digestWords, readDigest, stoppedWords } from '../../src/digest/views.ts';
import { modal } from '../../src/slack/blocks.ts';
import { problemsOfMessage, problemsOfView } from '../../src/slack/limits.ts';
import { awkwardTexts } from '../support/awkward.ts';

const today = Temporal.PlainDate.from('2027-03-09');
const now = Temporal.Instant.from('2027-03-09T14:00:00Z');
const item = (line: string | null, ownerName: string, days: number) => ({
  line,
  ownerName,
  dueOn: today.add({ days }),
  ownerToday: today,
  shownAt: now.subtract({ hours: 1 }),
});

const digest = (special: Partial<Digest> = {}): Digest => ({
  settings: { contractorWord: 'agent', reportWord: 'report', digestCoversReports: false },
  day: today,
  today,
  isEdited: false,
  rows: digestRows(
    [
      item('listing presentation', 'Dana', -3),
      item('vendor introduction', 'Mia', 3),
      item('lead routing', 'Dana', 0),
      item(null, 'Dana', 1),
    ],
    today,
    now,
  ),
  week: { kept: 5, due: 6 },
  short: { kept: 17, due: 21 },
  long: { kept: 42, due: 52 },
  configuredBy: { name: 'Dana', locale: 'en-GB' },
  ...special,
});

test('a week reads as it would be said', () => {
  expect(digestWords(digest()).text.split('\n')).toEqual([
    'What the firm promised its agents · week of 9 March',
    '◆ listing presentation, Dana, 3 days overdue',
    '○ due this week: lead routing (Dana, today), vendor introduction (Mia, Fri)',
    '● kept in the 7 days before: 5 of 6',
    'Kept on time: 4 weeks 17 of 21, 81 % · 12 weeks 42 of 52, 81 %',
    'Set up by Dana in `/accord settings`.',
    '1 more is counted but not named: 1 due this week.',
    'To keep an item out or reword it, its people find it in `/accord ledger`.',
  ]);
});

test('a quiet week is one line, and reports are in the heading where they are covered', () => {
  const none = { kept: 0, due: 0 };
  const quiet = digestWords(
    digest({ rows: digestRows([], today, now), week: none, short: none, long: { kept: 4, due: 4 } }),
  );
  expect(quiet.text).toBe('What the firm promised its agents: nothing is overdue, nothing is due this week.');
  expect(quiet.blocks).toHaveLength(1);
  const settings = { contractorWord: 'producer', reportWord: 'coordinator', digestCoversReports: true };
  expect(digestWords(digest({ settings })).text).toContain('What the firm promised its producers and coordinators');
});

test('what fell due and is open no longer leaves no trace of nothing: no rate without a count', () => {
  const none = { kept: 0, due: 0 };
  const { text } = digestWords(digest({ week: none, short: none, long: none }));
  expect(text).not.toContain('Kept on time');
  expect(text).not.toContain('kept in the 7 days');
});

describe('Slack takes it', () => {
  test.each(awkwardTexts)('with 300 promises of %s', (_what, words) => {
    const items = Array.from({ length: 300 }, (_, n) => item(words, words, n - 150));
    const spoken = digestWords(
      digest({ rows: digestRows(items, today, now), configuredBy: { name: words, locale: 'sv-SE' } }),
    );
    expect(problemsOfMessage(spoken)).toEqual([]);
    expect(spoken.text).toMatch(/and \d+ more overdue/);
  });

  test.each(['shared', 'archived', 'outside'] as const)('a digest that has stopped: %s', (standing) => {
    expect(problemsOfMessage(stoppedWords(standing))).toEqual([]);
  });

  test('the fields in the settings', () => {
    const blocks = digestFields({
      digestChannelId: 'C0PROMISES',
      digestWeekday: 5,
      digestAt: Temporal.PlainTime.from('16:30'),
      digestCoversReports: true,
      zone: 'America/New_York',
      contractorWord: 'a'.repeat(40),
      reportWord: 'b'.repeat(40),
    });
    expect(problemsOfView(modal({ callbackId: 'x', title: 'Settings', submit: 'Save', blocks }))).toEqual([]);
  });
});

test('what is read back is what was chosen; no channel is no digest', () => {
  const state = (channel: string | null) => ({
    values: {
      digestChannel: { digestChannel: { selected_conversation: channel } },
      digestWeekday: { digestWeekday: { selected_option: { value: '5' } } },
      digestAt: { digestAt: { selected_time: '16:30' } },
      digestCovers: { digestCovers: { selected_options: [{ value: 'reports' }] } },
    },
  });
  const read = readDigest(state('C0PROMISES'));
  expect(read.ok && read.value && { ...read.value, at: String(read.value.at) }).toEqual({
    channelId: 'C0PROMISES',
    weekday: 5,
    at: '16:30:00',
    coversReports: true,
  });
  expect(readDigest(state(null))).toEqual({ ok: true, value: undefined });
});
