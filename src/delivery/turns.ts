/** Somebody's turn with Slack; ending it twice is ending it once. */
export type Turn = { end(): void };

export type Turns = {
  /** Waits for a turn, first come first served. Nothing once we were told to stop. */
  take(): Promise<Turn | undefined>;
};

/** At most so many at once call Slack. Who has its answer lets the next one call while it is written down. */
export function makeTurns(atMost: number, signal?: AbortSignal): Turns {
  let free = Math.max(1, Math.floor(atMost));
  const waiting: ((turn: Turn | undefined) => void)[] = [];

  const give = (): Turn => {
    let isOver = false;
    return {
      end() {
        if (isOver) return;
        isOver = true;
        const next = waiting.shift();
        if (next) next(give());
        else free += 1;
      },
    };
  };
  const stop = () => {
    for (const next of waiting.splice(0)) next(undefined);
  };
  signal?.addEventListener('abort', stop, { once: true });

  return {
    async take() {
      if (signal?.aborted) return undefined;
      if (free === 0) return new Promise((resolve) => waiting.push(resolve));
      free -= 1;
      return give();
    },
  };
}
