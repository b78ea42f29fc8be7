import { sql } from 'kysely';
import { pino } from 'pino';
import { openEmbedded } from '../../src/db/embedded.ts';
import { openDatabase } from '../../src/db/open.ts';
import { sealKeysIn } from '../../src/db/seal-file.ts';

/**
 * A process of its own that opens the data folder named on its command line and commits one row after another, printing
 * each number once its commit is acknowledged, until it is killed. With `--hold` it only opens.
 */
const [dataFolder = '', mode] = process.argv.slice(2);
const log = pino({ level: 'warn' }, pino.destination(2));
const seal = await sealKeysIn(dataFolder);
const database = await openEmbedded({ dataFolder, log });
process.once('SIGTERM', () => void database.close());

process.stdout.write(`open ${database.cluster}\n`);
if (mode === '--hold') setInterval(() => undefined, 60_000).ref();
else await commitForever();

async function commitForever(): Promise<void> {
  const db = openDatabase({ connection: database.connection, seal, log });
  await sql`create table if not exists kept (n int primary key)`.execute(db);
  for (;;) {
    const { rows } = await sql<{ n: number }>`
      insert into kept select coalesce(max(n), 0) + 1 from kept returning n`.execute(db);
    process.stdout.write(`${rows[0]?.n}\n`);
  }
}
