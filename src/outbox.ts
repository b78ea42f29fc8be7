import type { Logger } from 'pino';
import { asTick } from './db/as-workspace.ts';
import { openStoreBeside, type StoreSettings } from './db/store.ts';
import { discard, type Held, listHeld, release } from './delivery/held.ts';

type Print = (line: string) => void;

const USAGE = [
  'npm run outbox                          lists what waits for a person',
  'npm run outbox -- release <id|all>      lets it go out with the next tick, within a minute, worded anew',
  'npm run outbox -- discard <id>          gives it up for good',
];

/**
 * Lists the messages that wait for a person, lets them go out, or gives them up; also while the bot is running. Shows
 * what kind, to whom and why, never what would be said. Not zero when nothing could be done.
 */
export async function outbox(settings: StoreSettings, args: string[], print: Print, log: Logger): Promise<number> {
  const [verb = 'list', which] = args;
  const isKnown = verb === 'list' || (verb === 'release' && which) || (verb === 'discard' && which && which !== 'all');
  if (!isKnown) {
    for (const line of USAGE) print(line);
    return 1;
  }
  const { db, close } = await openStoreBeside(settings, log);
  try {
    return await asTick(db, async (trx) => {
      const held = await listHeld(trx);
      if (verb === 'list') return list(held, print);
      const meant = which === 'all' ? held : held.filter(({ id }) => id === which);
      if (meant.length === 0) {
        print(which === 'all' ? 'Nothing waits for a person.' : `No message with the id ${which} waits for a person.`);
        return which === 'all' ? 0 : 1;
      }
      const act = verb === 'release' ? release : discard;
      const done = verb === 'release' ? 'released: goes out with the next tick, within a minute' : 'discarded';
      for (const one of meant) {
        await act(trx, { workspaceId: one.workspaceId, ids: [one.id] });
        print(`${one.id}  ${one.kind}  ${done}`);
      }
      return 0;
    });
  } finally {
    await close();
  }
}

function list(held: Held[], print: Print): number {
  if (held.length === 0) {
    print('Nothing waits for a person.');
    return 0;
  }
  print(`${held.length} ${held.length === 1 ? 'message waits' : 'messages wait'} for a person`);
  for (const { id, kind, workspaceId, address, createdAt, reason } of held) {
    const since = createdAt.toString({ smallestUnit: 'minute' });
    print(`${id}  ${kind}  to ${address} in ${workspaceId}  since ${since}  ${reason}`);
  }
  print('');
  for (const line of USAGE.slice(1)) print(line);
  return 0;
}
