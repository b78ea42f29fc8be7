/** What became of one attempt to bring a message to Slack. `found`: it stood there already, where that had been in doubt. */
export type Attempted = 'posted' | 'updated' | 'found' | 'retried' | 'in_doubt' | 'held' | 'dropped';

/**
 * Counts what happens, for whoever watches the process. Every name comes from a fixed set of ours: no id, and nothing
 * that a person wrote.
 */
export type Meter = {
  /** One attempt at a message came to its end. */
  attempted(kind: string, outcome: Attempted): void;
  /** Slack shows a message now, so long after it fell due. */
  shown(secondsLate: number): void;
  /** Slack asked to be left alone. */
  rateLimited(what: 'conversation' | 'workspace' | 'message', seconds: number): void;
  /** Something refuses for good, and somebody has to mend it. */
  stopped(what: 'conversation' | 'workspace' | 'message'): void;
  /** A request was answered, or failed. */
  answered(name: string, outcome: 'answered' | 'failed', seconds: number): void;
  ticked(seconds: number): void;
  /** A subject's due work failed as a whole and is due again. */
  failed(subject: string): void;
  /** A row that could not be worked on was put off. */
  setAside(subject: string): void;
};
