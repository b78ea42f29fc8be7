import { randomBytes } from 'node:crypto';
import type { Triggers } from './workspace.ts';

const LIVES_MS = 3000;
/** How long a dead trigger id is remembered, so that it can be called expired rather than unknown. */
const REMEMBERED_MS = 60_000;

/** Measured by `machineNow`: three seconds are three seconds, wherever the rehearsal clock stands. */
export function makeTriggers(machineNow: () => number = Date.now): Triggers {
  const issued = new Map<string, { userId: string; at: number; used: boolean }>();

  const forgetOld = () => {
    for (const [id, { at }] of issued) {
      if (machineNow() - at < REMEMBERED_MS) return;
      issued.delete(id);
    }
  };

  return {
    issue(userId) {
      forgetOld();
      const id = `${machineNow()}.${randomBytes(5).readUIntBE(0, 5)}.${randomBytes(16).toString('hex')}`;
      issued.set(id, { userId, at: machineNow(), used: false });
      return id;
    },
    use(triggerId) {
      const found = issued.get(triggerId);
      if (!found) return { ok: false, error: 'invalid_trigger_id' };
      if (machineNow() - found.at > LIVES_MS) return { ok: false, error: 'expired_trigger_id' };
      if (found.used) return { ok: false, error: 'exchanged_trigger_id' };
      found.used = true;
      return { ok: true, userId: found.userId };
    },
  };
}
