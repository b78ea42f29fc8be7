import { randomBytes } from 'node:crypto';
import { type AllMiddlewareArgs, type AnyMiddlewareArgs, App, type Authorize, type Receiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import * as cadence from './cadence/listeners.ts';
import * as commitments from './commitments/listeners.ts';
import { DeadlineSpent, PossiblySaved, startDeadline } from './db/as-workspace.ts';
import type { AccordApp, Asked, Deps, SlashCall, Subcommands } from './deps.ts';
import { meetPeople } from './people/directory.ts';
import * as reminders from './reminders/listeners.ts';
import { usage } from './setup/views.ts';
import { failureAnswer } from './slack/failure.ts';

type Subject = { register: (app: AccordApp, deps: Deps) => void; subcommands?: Subcommands };

const subjects: Subject[] = [cadence, commitments, reminders];

export type AppParts = {
  receiver: Receiver;
  authorize: Authorize<boolean>;
  clientOptions: WebClientOptions;
};

/** The Bolt app with every subject registered. Starting and stopping it is main's. */
export function buildApp(deps: Deps, { receiver, authorize, clientOptions }: AppParts): AccordApp {
  const app = new App<Asked>({ receiver, authorize, clientOptions, logger: quietLogger(deps), ignoreSelf: true });
  app.use((args) => answerFailure(args, deps));
  app.use((args) => introduce(args, deps));
  for (const subject of subjects) subject.register(app, deps);
  routeSubcommands(app, deps);
  // Bolt calls this when it could not even authorise; rethrown, it reaches whoever holds the connection.
  app.error(async (error) => {
    throw error;
  });
  return app;
}

function routeSubcommands(app: AccordApp, deps: Deps): void {
  const words: Subcommands = Object.assign({}, ...subjects.map((subject) => subject.subcommands ?? {}));
  app.command('/accord', async (call) => {
    const [word = '', ...rest] = call.command.text.trim().split(/\s+/);
    const subcommand = Object.hasOwn(words, word.toLowerCase()) ? words[word.toLowerCase()] : undefined;
    if (!subcommand) return call.ack(usage(word));
    return subcommand({ ...call, rest: rest.join(' ') } as SlashCall, deps);
  });
}

type Args = AnyMiddlewareArgs & AllMiddlewareArgs<Asked>;

/** Says who acts and until when we must have answered, before any listener runs. */
async function introduce({ context, body, next }: Args, deps: Deps): Promise<void> {
  context.deadline = startDeadline();
  // Bolt authorises nothing for an uninstall event; who sent it is all that there is.
  context.workspaceId ??= (context.isEnterpriseInstall ? context.enterpriseId : context.teamId) ?? '';
  if (context.userId && context.botToken) {
    const actor = (await meetPeople(deps, context.workspaceId, [context.userId])).get(context.userId);
    if (!actor) return refuseStranger(body, deps);
    context.actor = actor;
  }
  await next();
}

function refuseStranger(body: Args['body'], deps: Deps): void {
  deps.log.warn({ type: 'type' in body ? body.type : 'command' }, 'a request from somebody whom Slack does not know');
}

/** The one place that catches. What was asked is answered where it was typed, with a reference that the log has too. */
async function answerFailure(args: Args, deps: Deps): Promise<void> {
  try {
    await args.next();
  } catch (error) {
    const reference = randomBytes(3).toString('hex');
    deps.log.error({ reference, err: error }, 'a request failed');
    if (!(await answered(args, `${wordsFor(error)} (${reference})`))) throw error;
  }
}

/** For whoever holds the connection when Bolt could not authorise: the same words in the same place. */
export const failureWords = (error: unknown): string => wordsFor(error);

function wordsFor(error: unknown): string {
  if (error instanceof PossiblySaved)
    return 'That may or may not have been saved. Look in `/accord ledger` before you try again.';
  if (error instanceof DeadlineSpent) return 'That took too long, so nothing was saved. Try again in a minute.';
  return 'That did not work and nothing was saved. Try again in a minute; if it stays so, name this reference to whoever runs Accord.';
}

/** False where Slack offers no place for an answer (an event): the error then goes on, and Slack sends it again. */
async function answered(args: Args, words: string): Promise<boolean> {
  const { body } = args;
  if (!('ack' in args) || 'event' in body) return false;
  const ack = args.ack as (answer?: Record<string, unknown>) => Promise<void>;
  const answer = failureAnswer(body, words);
  await ack(answer);
  if (!answer && 'response_url' in body && 'respond' in args && args.respond) {
    await args.respond({ response_type: 'ephemeral', replace_original: false, text: words });
  }
  return true;
}

/** Bolt's own log lines, without its debug level, which prints messages and tokens. */
function quietLogger({ log }: Deps) {
  const bolt = log.child({ part: 'bolt' });
  const first = (words: unknown[]) => String(words[0]).split('\n', 1)[0];
  return {
    debug: () => {},
    info: (...words: unknown[]) => bolt.debug(first(words)),
    warn: (...words: unknown[]) => bolt.warn(first(words)),
    error: (...words: unknown[]) => bolt.error(first(words)),
    setLevel: () => {},
    getLevel: () => 'warn' as never,
    setName: () => {},
  };
}
