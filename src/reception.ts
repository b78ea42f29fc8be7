import { createHash, randomBytes } from 'node:crypto';
import {
  App,
  type Authorize,
  type Logger as BoltLogger,
  LogLevel,
  type Receiver,
  type ReceiverEvent,
} from '@slack/bolt';
import type { FetchFunction, WebClientOptions } from '@slack/web-api';
import type { Logger } from 'pino';
import { type Deadline, DeadlineSpent, millisecondsLeft, startDeadline } from './db/as-workspace.ts';
import { AlreadyDone, type Once } from './db/do-once.ts';
import type { Asked } from './deps.ts';
import { causeOf, failureAnswer, isShownAlready, NobodyAnswers, typedAgain, wordsFor } from './slack/failure.ts';

export type ReceptionParts = {
  receiver: Receiver;
  authorize: Authorize<boolean>;
  clientOptions: WebClientOptions;
  log: Logger;
  /** Told of each request when its listeners are through. */
  answered?: (body: ReceiverEvent['body'], outcome: 'answered' | 'failed', seconds: number) => void;
};

/** By then a COMMIT that came in time is decided; what is left of Slack's 3 s is for the answer's way. */
const DECIDED_AFTER_MS = 400;

/**
 * Bolt, and what it leaves open. Every request, over HTTP or Socket Mode, is answered in less than 3 s: with what its
 * listener says, or where the person typed or clicked with what became of it and what to do. An event is acknowledged after
 * its listeners have run and not before, so that one that failed is sent again. What a request changes is saved once.
 */
export class Reception extends App<Asked> {
  readonly #log: Logger;
  readonly #fetch: FetchFunction;
  readonly #answered: ReceptionParts['answered'];
  readonly #underWay = new Set<Promise<void>>();

  constructor({ receiver, authorize, clientOptions, log, answered }: ReceptionParts) {
    super({ receiver, authorize, clientOptions, logger: quietLogger(log), ignoreSelf: true, convoStore: false });
    this.#log = log;
    this.#fetch = clientOptions.fetch ?? fetch;
    this.#answered = answered;
    // Bolt has its own answer when it could not even authorise. Rethrown, it comes to the one catch below like all others.
    this.error(async (error) => {
      throw error;
    });
  }

  override processEvent(event: ReceiverEvent): Promise<void> {
    return this.#track(this.#receive(event));
  }

  /** Resolves when no request is being worked on. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  #track(work: Promise<void>): Promise<void> {
    this.#underWay.add(work);
    const forget = () => this.#underWay.delete(work);
    work.then(forget, forget);
    return work;
  }

  async #receive(event: ReceiverEvent): Promise<void> {
    const { body } = event;
    const begun = performance.now();
    const told = (outcome: 'answered' | 'failed') =>
      this.#answered?.(body, outcome, (performance.now() - begun) / 1000);
    const answer = new Answer(event);
    const request = { deadline: startDeadline(), once: onceFor(body) };
    const ack: ReceiverEvent['ack'] = isEvent(body) ? async () => {} : (said) => answer.give(said);
    try {
      const work = super.processEvent({ ...event, ack, customProperties: { ...event.customProperties, ...request } });
      await inTime(this.#track(work), request.deadline);
      if (isEvent(body)) await answer.give();
      if (!answer.isGiven) throw new NobodyAnswers();
      told('answered');
    } catch (error) {
      told(isNoFailure(causeOf(error)) ? 'answered' : 'failed');
      await this.#answerFailure(error, body, answer, request.once);
    }
  }

  /** The one place that catches. The person gets a reference that the log has too; what Slack can repeat is thrown on. */
  async #answerFailure(error: unknown, body: ReceiverEvent['body'], answer: Answer, { isSaved }: Once): Promise<void> {
    const cause = causeOf(error);
    if (isNoFailure(cause)) return answer.give();
    const reference = randomBytes(3).toString('hex');
    this.#log.error({ reference, err: cause }, 'a request failed');
    const words = `${wordsFor(cause, isSaved)} (${reference})${typedAgain(body)}`;
    const inPlace = answer.isGiven ? undefined : failureAnswer(body, words);
    if (inPlace) return answer.give(inPlace);
    if (typeof body.response_url !== 'string') throw error;
    await this.#respond(body.response_url, words);
    await answer.give();
  }

  async #respond(url: string, text: string): Promise<void> {
    const answer = { response_type: 'ephemeral', replace_original: false, text };
    const headers = { 'content-type': 'application/json' };
    await this.#fetch(url, { method: 'POST', headers, body: JSON.stringify(answer) });
  }
}

/** What was wanted has happened already, or something newer is shown. */
const isNoFailure = (cause: unknown): boolean => cause instanceof AlreadyDone || isShownAlready(cause);

/** Slack takes one answer to a request; a later one, of a listener that came too late, goes nowhere. */
class Answer {
  isGiven = false;
  readonly #ack: ReceiverEvent['ack'];

  constructor({ ack }: ReceiverEvent) {
    this.#ack = ack;
  }

  async give(said?: unknown): Promise<void> {
    if (this.isGiven) return;
    this.isGiven = true;
    await this.#ack(said);
  }
}

const isEvent = (body: ReceiverEvent['body']): boolean => body.event !== undefined;

/**
 * Slack sends an event again under the same id. Every other request is sent once and carries ids that are good once, so
 * the same bytes are a replay.
 */
function onceFor(body: ReceiverEvent['body']): Once {
  const sent = isEvent(body) && typeof body.event_id === 'string' ? body.event_id : JSON.stringify(body);
  return { key: `request:${createHash('sha256').update(sent).digest('base64url')}`, isSaved: false };
}

async function inTime(work: Promise<void>, deadline: Deadline): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DeadlineSpent()), millisecondsLeft(deadline) + DECIDED_AFTER_MS);
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What Bolt says by itself: its warnings up to where they begin to quote, and nothing of its debug level, which prints messages and tokens. */
export function quietLogger(log: Logger): BoltLogger {
  const bolt = log.child({ part: 'bolt' });
  const fixed = (words: unknown[]) => String(words[0]).split(/[\n:("'`]/, 1)[0];
  return {
    debug: () => {},
    info: (...words) => bolt.debug(fixed(words)),
    warn: (...words) => bolt.warn(fixed(words)),
    error: (...words) => bolt.error(fixed(words)),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
