import { z } from 'zod';
import type { Deps } from '../../deps.ts';

/** The message that a commitment comes from. */
const origin = z.object({ channel: z.string().regex(/^[CDG][A-Z0-9]{2,20}$/), ts: z.string().regex(/^\d+\.\d+$/) });
export type Origin = z.infer<typeof origin>;

/** As a form carries it. */
export const originSaid = (from: Origin | undefined): string => JSON.stringify(from ?? {});

/** Undefined where the words come from no message. */
export function readOrigin(metadata: string): Origin | undefined {
  try {
    return origin.safeParse(JSON.parse(metadata)).data;
  } catch {
    return undefined;
  }
}

/** Where that message is; without one, or where we may not look, a commitment stands by itself. */
export async function permalinkOf(
  deps: Deps,
  workspaceId: string,
  from: Origin | undefined,
): Promise<string | undefined> {
  if (!from) return undefined;
  const client = await deps.slack(workspaceId);
  const found = await client.chat.getPermalink({ channel: from.channel, message_ts: from.ts }).catch(() => undefined);
  return found?.permalink;
}
