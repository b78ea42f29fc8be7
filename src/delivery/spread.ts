/** How much of the time that a message is of use may pass before it is sent, and at most how long. */
const PART = 10;
export const AT_MOST_SECONDS = 15 * 60;

/**
 * By when a message should be out. What falls on the same minute cannot leave in the same second: a workspace has a
 * budget (`workspaceMs`, half a thousand a minute), and it goes first to the messages that have the least time. One that
 * answers what somebody did has none to lose; the card of a meeting that starts has a few minutes, a question that is of
 * use until tomorrow a quarter of an hour. So two thousand prompts of nine o'clock are spread over the next minutes, well
 * ahead of the time at which they would be of no use, and hold up nobody who waits. Nothing is sent before its time:
 * that was chosen, by a person or by their welcome hours. Whatever waits gets its turn, since what comes later is due later.
 */
export function sendBy(notBefore: Temporal.Instant, expiresAt: Temporal.Instant | undefined): Temporal.Instant {
  if (expiresAt === undefined) return notBefore;
  const useful = Math.max(0, notBefore.until(expiresAt).total('seconds'));
  return notBefore.add({ seconds: Math.floor(Math.min(useful / PART, AT_MOST_SECONDS)) });
}
