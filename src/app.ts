import type { AllMiddlewareArgs, AnyMiddlewareArgs } from '@slack/bolt';
import * as cadence from './cadence/listeners.ts';
import * as commitments from './commitments/listeners.ts';
import type { AccordApp, Asked, Deps, SlashCall, Subcommands } from './deps.ts';
import * as home from './home/listeners.ts';
import * as meetings from './meetings/listeners.ts';
import { meetPeople } from './people/directory.ts';
import * as prep from './prep/listeners.ts';
import * as recap from './recap/listeners.ts';
import { Reception, type ReceptionParts } from './reception.ts';
import * as record from './record/listeners.ts';
import * as reminders from './reminders/listeners.ts';
import * as setup from './setup/listeners.ts';
import { usage } from './setup/views.ts';
import { requestName } from './slack/request-name.ts';

type Subject = { register: (app: AccordApp, deps: Deps) => void; subcommands?: Subcommands };

const subjects: Subject[] = [cadence, meetings, commitments, recap, prep, reminders, record, home, setup];

/** Every word after `/accord`. */
export const subcommands: Subcommands = Object.assign({}, ...subjects.map((subject) => subject.subcommands ?? {}));
const words = Object.keys(subcommands);

/** Takes in what Slack sends, with every subject registered. Starting and stopping it is the bot's. */
export function buildApp(deps: Deps, parts: Omit<ReceptionParts, 'log' | 'answered'>): Reception {
  const app = new Reception({
    ...parts,
    log: deps.log,
    answered: (body, outcome, seconds) => deps.meter?.answered(requestName(body, words), outcome, seconds),
  });
  app.use((args) => introduce(args, deps));
  register(app, deps);
  return app;
}

/** All that is listened to: every subject's, and `/accord` itself. */
export function register(app: AccordApp, deps: Deps): void {
  for (const subject of subjects) subject.register(app, deps);
  app.command('/accord', async (call) => {
    const [word = '', ...rest] = call.command.text.trim().split(/\s+/);
    const called = word.toLowerCase();
    const subcommand = Object.hasOwn(subcommands, called) ? subcommands[called] : undefined;
    if (!subcommand) return call.ack(usage(word));
    return subcommand({ ...call, rest: rest.join(' ') } as SlashCall, deps);
  });
}

type Args = AnyMiddlewareArgs & AllMiddlewareArgs<Asked>;

/** News of a member: nobody acts, and who is not known here is not made known by it. */
const isAboutSomebody = (body: Args['body']): boolean =>
  'event' in body && (body.event.type === 'user_change' || body.event.type === 'team_join');

/** Says who acts, before any listener runs. */
async function introduce({ context, body, ack, next }: Args, deps: Deps): Promise<void> {
  // Bolt authorises nothing for an uninstall event; who sent it is all that there is.
  context.workspaceId ??= (context.isEnterpriseInstall ? context.enterpriseId : context.teamId) ?? '';
  if (context.userId && context.botToken && !isAboutSomebody(body)) {
    const { workspaceId, userId, deadline } = context;
    const actor = context.known ?? (await meetPeople(deps, workspaceId, [userId], deadline)).get(userId);
    if (!actor) {
      deps.log.warn(
        { type: 'type' in body ? body.type : 'command' },
        'a request from somebody whom Slack does not know',
      );
      return ack?.();
    }
    context.actor = actor;
  }
  await next();
}
