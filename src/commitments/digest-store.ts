import type { Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';

/** Whether the digest covers pairs of this kind. */
export async function isCovered(
  db: Kysely<Database>,
  workspaceId: string,
  kind: 'contractor' | 'report',
): Promise<boolean> {
  if (kind === 'contractor') return true;
  const { digestCoversReports } = await db
    .selectFrom('workspace')
    .select('digestCoversReports')
    .where('id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  return digestCoversReports;
}
