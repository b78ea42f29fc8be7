// Prompts that are due in the channels of a stand-in of their own process, and their words.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { type Kysely, sql } from 'kysely';
import { asTick } from '../src/db/as-workspace.ts';
import type { Database } from '../src/db/schema.ts';
import type { Composers, Words } from '../src/delivery/compose.ts';
import { enqueueAll } from '../src/delivery/outbox.ts';
import { actions, button, section } from '../src/slack/blocks.ts';
import type { StandIn } from './stand-in.ts';

const CHANNELS = 200;

/** What a prompt looks like: a few words and two buttons. */
export const wordsOf = (n: string): Words => ({
  text: `Tomorrow at 9:00 AM you meet Dana (${n}). What would make it worth your time?`,
  blocks: [
    section(`Tomorrow at 9:00 AM you meet *Dana* (${n}). What would make it worth your time?`),
    actions(button('Answer', 'bench:answer', n), button('Move it', 'bench:move', n)),
  ],
});

export const composers: Composers = {
  prompt: { compose: async (_, { about }) => wordsOf(about.n ?? ''), inDoubt: 'send-again' },
};

export const channelOf = ({ channels }: StandIn, n: number): string => channels[n % channels.length] ?? '';

/** Has so many messages posted to a fresh stand-in. Throws unless each of them stands there once. */
export async function againstAFreshStandIn<T>(messages: number, posting: (standIn: StandIn) => Promise<T>): Promise<T> {
  const child = fork(path.join(import.meta.dirname, 'stand-in.ts'), [String(CHANNELS)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const result = await posting(await answerOf<StandIn>(child));
  child.send('count');
  const { posted, different } = await answerOf<{ posted: number; different: number }>(child);
  if (posted !== messages || different !== messages) throw new Error(`${posted} posted, ${different} different`);
  child.disconnect();
  await once(child, 'exit');
  return result;
}

export const answerOf = async <T>(child: ChildProcess): Promise<T> => (await once(child, 'message'))[0];

/** Due now, in the workspace of this stand-in; whatever other workspace there was is gone. */
export async function enqueuePrompts(
  db: Kysely<Database>,
  standIn: StandIn,
  messages: number,
  now: Temporal.Instant,
): Promise<void> {
  await asTick(db, async (trx) => {
    await trx.deleteFrom('workspace').execute();
    await sql`insert into workspace (id, token) values (${standIn.team}, '\\x00')`.execute(trx);
    const prompts = Array.from({ length: messages }, (_, n) => ({
      workspaceId: standIn.team,
      id: crypto.randomUUID(),
      kind: 'prompt',
      key: `${n}`,
      about: { n: `${n}` },
      to: { channel: channelOf(standIn, n) },
      notBefore: now,
      now,
    }));
    await enqueueAll(trx, prompts);
  });
}
