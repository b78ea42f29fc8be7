import { type Attempt, carry, type Delivery } from './carry.ts';
import type { AppAnswer, Dispatch, Workspace } from './workspace.ts';

/** After the attempt that failed: at once, a minute later, five minutes after that. */
const RETRY_AFTER_MS = [0, 60_000, 300_000];

type Pending = { payload: Record<string, unknown>; retry: NonNullable<Delivery['retry']>; dueAt: number };

/** Carries what happened in the workspace to the app: to a connected Socket Mode client, else signed to the request URL. */
export function makeDispatch(workspace: Workspace): Dispatch {
  let underWay = 0;
  let pending: Pending[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function attempt(delivery: Delivery): Promise<Attempt> {
    underWay += 1;
    try {
      return await carry(workspace, delivery);
    } finally {
      underWay -= 1;
    }
  }

  /** Goes on until the app took it or it must wait; what waits is kept with the time that it is due. */
  async function attemptEvent(payload: Record<string, unknown>, retry?: Pending['retry']): Promise<AppAnswer> {
    const { epoch } = workspace.state;
    const { answer, noRetry } = await attempt({ type: 'events_api', payload, retry });
    const number = (retry?.number ?? 0) + 1;
    const wait = RETRY_AFTER_MS[number - 1];
    if (answer.status === 'acked' || noRetry || wait === undefined || workspace.state.epoch !== epoch) return answer;
    pending.push({ payload, retry: { number, reason: reasonOf(answer) }, dueAt: workspace.now() + wait });
    sendDue();
    return answer;
  }

  function sendDue(): void {
    clearTimeout(timer);
    const due = pending.filter(({ dueAt }) => dueAt <= workspace.now());
    pending = pending.filter(({ dueAt }) => dueAt > workspace.now());
    for (const { payload, retry } of due) attemptEvent(payload, retry).catch(reportLost);
    const next = Math.min(...pending.map(({ dueAt }) => dueAt));
    // Time also goes by without anybody moving the clock.
    if (Number.isFinite(next)) timer = setTimeout(sendDue, next - workspace.now()).unref();
  }

  const reportLost = (error: unknown) => workspace.log.error({ err: error }, 'an event could not be retried');

  return {
    async event(event) {
      const { app } = workspace.state;
      const name = subscriptionOf(event);
      const gone = event.type === 'app_uninstalled' || event.type === 'tokens_revoked';
      if (!app.botEvents.includes(name) || (!gone && app.botToken === undefined)) return { status: 'not_subscribed' };
      return attemptEvent(eventEnvelope(workspace, event));
    },
    async request(kind, payload) {
      const { answer } = await attempt({ type: kind, payload });
      return answer;
    },
    underWay: () => underWay,
    retries: () => pending.map(({ dueAt }) => dueAt),
    sendDue,
    clear() {
      clearTimeout(timer);
      pending = [];
    },
  };
}

function eventEnvelope(workspace: Workspace, event: { type: string } & Record<string, unknown>) {
  const { app, team } = workspace.state;
  const seconds = Math.floor(workspace.now() / 1000);
  const installed = app.botToken !== undefined;
  return {
    token: app.verificationToken,
    team_id: team.id,
    api_app_id: app.appId,
    event: { event_ts: `${seconds}.000000`, ...event },
    type: 'event_callback',
    event_id: workspace.nextId('Ev'),
    event_time: seconds,
    // After an uninstall there is nobody left in whose name it could be seen.
    ...(installed && {
      context_team_id: team.id,
      context_enterprise_id: null,
      authorizations: [
        {
          enterprise_id: null,
          team_id: team.id,
          user_id: app.botUserId,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: false,
    }),
  };
}

/** The name under which a manifest subscribes to an event: messages are told apart by the kind of conversation. */
function subscriptionOf(event: { type: string } & Record<string, unknown>): string {
  if (event.type !== 'message') return event.type;
  const kinds: Record<string, string> = { channel: 'channels', group: 'groups', im: 'im', mpim: 'mpim' };
  return `message.${kinds[String(event.channel_type)] ?? 'channels'}`;
}

const reasonOf = (answer: AppAnswer): string => {
  if (answer.status === 'timeout') return 'http_timeout';
  return answer.status === 'failed' && answer.httpStatus === undefined ? 'connection_failed' : 'http_error';
};
