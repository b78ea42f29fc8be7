import type { Insertable, Transaction } from 'kysely';
import type { AuditTable, Database } from './schema.ts';

/** Who wanted to do what, when, and whether it was allowed. The table takes no update and no text. */
export async function recordAudit(trx: Transaction<Database>, entry: Insertable<AuditTable>): Promise<void> {
  await trx.insertInto('audit').values(entry).execute();
}
