import type { KnownBlock, ModalView } from '@slack/types';
import { spokenRate } from '../commitments/figures.ts';
import { nameSaid } from '../commitments/views.ts';
import { context, header, modal, section } from '../slack/blocks.ts';
import type { LeaderCounts } from './firm.ts';

const ON_HOME = 10;
const IN_A_SECTION = 10;
const SECTIONS = 90;

/** "Dana · 12 one-on-ones · 9 held in 4 weeks · the firm kept on time: 4 weeks 17 of 21, 81 % · 12 weeks 42 of 52, 81 %". */
function leaderLine({ leader, pairs, held, firm }: LeaderCounts): string {
  const [short, long] = [spokenRate(firm.short), spokenRate(firm.long)];
  const rates = [...(short ? [`4 weeks ${short}`] : []), ...(long ? [`12 weeks ${long}`] : [])];
  return [
    `*${nameSaid(leader.name)}*`,
    `${pairs} ${pairs === 1 ? 'one-on-one' : 'one-on-ones'}`,
    `${held} held in 4 weeks`,
    rates.length > 0 ? `the firm kept on time: ${rates.join(' · ')}` : 'nothing of the firm’s has fallen due',
  ].join(' · ');
}

function inSections(lines: string[]): KnownBlock[] {
  const count = Math.ceil(lines.length / IN_A_SECTION);
  return Array.from({ length: count }, (_, n) =>
    section(lines.slice(n * IN_A_SECTION, (n + 1) * IN_A_SECTION).join('\n')),
  );
}

const NOBODY = 'Nobody leads a one-on-one yet.';
const WHO_SEES = 'Counts for each leader. You see this because `/accord settings` names you as the owner of the firm.';

export function firmModal(leaders: LeaderCounts[]): ModalView {
  const most = SECTIONS * IN_A_SECTION;
  const lines = leaders.slice(0, most).map(leaderLine);
  return modal({
    callbackId: 'record:firm',
    title: 'The firm',
    close: 'Close',
    blocks: [
      ...(lines.length > 0 ? inSections(lines) : [section(NOBODY)]),
      ...(leaders.length > most ? [context(`and ${leaders.length - most} more`)] : []),
      context(WHO_SEES),
    ],
  });
}

/** The same on the owner's Home, as far as it fits there. */
export function firmOnHome(leaders: LeaderCounts[]): KnownBlock[] {
  const lines = leaders.slice(0, ON_HOME).map(leaderLine);
  const left = leaders.length - lines.length;
  return [
    header('The firm'),
    ...(lines.length > 0 ? inSections(lines) : [section(NOBODY)]),
    context(left > 0 ? `${left} more: \`/accord firm\`. ${WHO_SEES}` : WHO_SEES),
  ];
}
