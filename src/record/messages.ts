import type { Transaction } from 'kysely';
import { figuresOf, LONG_WINDOW } from '../commitments/figures.ts';
import { findFigureRows, findWorkspaceZone } from '../commitments/ledger-store.ts';
import type { Database } from '../db/schema.ts';
import type { Compose, ComposedMessage, Composers, Words } from '../delivery/compose.ts';
import { isId } from '../ground/ids.ts';
import { dayIn } from '../ground/zoned.ts';
import { may } from '../pairs/rules.ts';
import { findPair } from '../pairs/store.ts';
import { findPerson, type Person } from '../people/store.ts';
import { exported, exportedPair } from './export.ts';
import { forgottenWords, readForgotten } from './forget-views.ts';
import { FORGOTTEN } from './forgetting.ts';
import { exportPage } from './page.ts';
import type { Exported, ExportedPair } from './schema.ts';
import { findHistory, hasWrittenIn } from './store.ts';
import { commitmentsCsv, meetingsCsv } from './tables.ts';

type Trx = Transaction<Database>;
type File = (all: Exported, reader: Person) => NonNullable<Words['file']>;

export const composers: Composers = {
  [FORGOTTEN]: {
    inDoubt: 'send-again',
    compose: async (_trx, { about }) => ({ text: forgottenWords(readForgotten(about)) }),
  },
  'export-json': file((all) => ({
    name: 'accord.json',
    title: 'Everything, for other software (JSON)',
    content: `${JSON.stringify(all, undefined, 2)}\n`,
  })),
  'export-commitments': file((all) => ({
    name: 'accord-commitments.csv',
    title: 'Commitments, for a spreadsheet (CSV)',
    content: commitmentsCsv(all),
  })),
  'export-meetings': file((all) => ({
    name: 'accord-meetings.csv',
    title: 'Meetings, for a spreadsheet (CSV)',
    content: meetingsCsv(all),
  })),
  'export-page': file((all, reader) => ({
    name: 'accord.html',
    title: 'To read and print (HTML)',
    content: exportPage(all, reader),
  })),
};

function file(make: File): { compose: Compose; inDoubt: 'send-again' } {
  return {
    inDoubt: 'send-again',
    async compose(trx, message) {
      const reader = await readerOf(trx, message);
      const pairs = reader ? await pairsFor(trx, message, reader) : [];
      if (!reader || pairs.length === 0) return undefined;
      const made = make(exported(reader, pairs, message.now), reader);
      return { text: `Your export: ${made.title.charAt(0).toLowerCase()}${made.title.slice(1)}`, file: made };
    },
  };
}

/** It goes to the one person who asked for it, alone with Accord. */
async function readerOf(trx: Trx, { workspaceId, people, channel }: ComposedMessage): Promise<Person | undefined> {
  const [reader, ...others] = people;
  if (!reader || others.length > 0 || channel !== undefined) return undefined;
  return findPerson(trx, workspaceId, reader);
}

/** Asked again now: what they may no longer see is left out. */
async function pairsFor(
  trx: Trx,
  { workspaceId, about, now }: ComposedMessage,
  reader: Person,
): Promise<ExportedPair[]> {
  const today = dayIn(await findWorkspaceZone(trx, workspaceId), now);
  const pairs: ExportedPair[] = [];
  for (const id of (about.pairs ?? '').split(' ').filter(isId)) {
    const pair = await findPair(trx, workspaceId, id);
    if (!pair) continue;
    const authorId = (await hasWrittenIn(trx, pair, reader.id)) ? reader.id : undefined;
    if (!may(reader, 'export pair', { ...pair, authorId })) continue;
    const from = today.subtract({ days: LONG_WINDOW });
    const counted = await findFigureRows(trx, { workspaceId, pairIds: [id] }, from, now);
    pairs.push(exportedPair(await findHistory(trx, pair), reader.id, figuresOf(counted, today)));
  }
  return pairs;
}
