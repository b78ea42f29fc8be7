import { csvOf } from './csv.ts';
import type { Exported, ExportedPair } from './schema.ts';

type Meeting = ExportedPair['meetings'][number];

const COMMITMENTS = [
  'with',
  'side',
  'owner',
  'what',
  'asked by',
  'due',
  'priority',
  'state',
  'first day it passed unkept',
  'kept on',
  'moved',
  'carried over',
  'written at',
  'id',
];

/** Both columns of every pair, a row for each commitment, for a spreadsheet. */
export const commitmentsCsv = ({ pairs, exportedFor }: Exported): string =>
  csvOf(
    COMMITMENTS,
    pairs.flatMap((pair) =>
      pair.commitments.map((one) => [
        withWhom(pair, exportedFor.id),
        one.side,
        one.owner.name,
        one.text,
        one.askedBy?.name ?? null,
        one.dueOn,
        one.priority,
        one.state,
        one.firstUnkeptOn,
        one.keptOn,
        one.moved,
        one.carriedOver,
        one.writtenAt,
        one.id,
      ]),
    ),
  );

const MEETINGS = [
  'with',
  'starts at (UTC)',
  'minutes',
  'state',
  'moved',
  'skipped by',
  'outcome',
  'produced',
  'decided',
  'recap by',
  'confirmed by',
  'id',
];

/** Every meeting with the recap that stands. */
export const meetingsCsv = ({ pairs, exportedFor }: Exported): string =>
  csvOf(
    MEETINGS,
    pairs.flatMap((pair) =>
      pair.meetings.map((one) => {
        const recap = standingRecap(one);
        return [
          withWhom(pair, exportedFor.id),
          one.startsAt,
          one.minutes,
          one.state,
          one.moved,
          one.skippedBy?.name ?? null,
          recap?.outcome ?? null,
          recap?.produced ?? null,
          recap?.decisions ?? null,
          recap?.writtenBy.name ?? null,
          recap?.confirmedBy?.name ?? null,
          one.id,
        ];
      }),
    ),
  );

export const standingRecap = ({ recaps }: Meeting): Meeting['recaps'][number] | undefined =>
  recaps.find(({ state }) => state !== 'replaced');

/** Who the other one is, as the reader would say it. */
export const withWhom = ({ leader, partner }: Pick<ExportedPair, 'leader' | 'partner'>, readerId: string): string =>
  leader.id === readerId ? partner.name : partner.id === readerId ? leader.name : `${leader.name} and ${partner.name}`;
