import type { AllMiddlewareArgs, SlackEventMiddlewareArgs, ViewOutput, ViewResponseAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Transaction } from 'kysely';
import { asWorkspace } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import type { AccordApp, Asked, Deps, SlashCall, Subcommands } from '../deps.ts';
import { askChannel } from '../digest/channel.ts';
import { configureDigest } from '../digest/store.ts';
import { checkChannel, DIGEST_CHANNEL } from '../digest/views.ts';
import { isZone } from '../ground/zoned.ts';
import { rescheduleSteps } from '../meetings/schedule.ts';
import { lockPlanned } from '../meetings/store.ts';
import { auditFirm } from '../pairs/permission.ts';
import { mayLead } from '../pairs/rules.ts';
import { findPairsOf, lockPairs } from '../pairs/store.ts';
import { meetPeople, refreshPeople, seenPerson } from '../people/directory.ts';
import { isSamePerson } from '../people/rules.ts';
import {
  findPerson,
  findPersonOrThrow,
  markHomeStale,
  type Person,
  type Preferences,
  updatePreferences,
} from '../people/store.ts';
import {
  type FirmForm,
  firmErrors,
  ownerErrors,
  readSettings,
  readVersion,
  SETTINGS_SUBMITTED,
  type SettingsForm,
  settingsModal,
  settingsSaved,
  zoneErrors,
} from './settings.ts';
import { checkSoon, findWorkspaceOrThrow, findZones, recordUninstalled, updateFirm, type Workspace } from './store.ts';

type Trx = Transaction<Database>;

const NOT_FIRM =
  'Nothing was saved: the firm’s part is set by a full member who leads a one-on-one, and you lead none now.';
const CHANGED =
  'Somebody changed the firm’s settings while this was open, so nothing was saved. This is what they say now.';

export const subcommands: Subcommands = { settings: openSettings };

export function register(app: AccordApp, deps: Deps): void {
  app.view(SETTINGS_SUBMITTED, async ({ ack, view, context }) => {
    await ack(await saveSettings(deps, context, view));
    deps.wake();
  });

  app.event('user_change', (call) => hearOf(deps, call, call.event.user));
  app.event('team_join', (call) => hearOf(deps, call, call.event.user));

  app.event('app_uninstalled', (call) => uninstalled(deps, call));
  app.event('tokens_revoked', async (call) => {
    // Tokens of people say nothing about ours.
    if (call.event.tokens.bot?.length) await uninstalled(deps, call);
  });
}

async function openSettings({ ack, client, command, context }: SlashCall, deps: Deps): Promise<void> {
  const view = await asWorkspace(deps.db, context.workspaceId, (trx) => settingsOf(trx, deps, context.actor), context);
  await client.views.open({ trigger_id: command.trigger_id, view });
  await ack();
}

async function settingsOf(trx: Trx, deps: Deps, { workspaceId, id }: Person, notice?: string) {
  const viewer = await findPersonOrThrow(trx, workspaceId, id);
  const mayFirm = await maySetFirm(trx, viewer);
  return settingsModal({
    viewer,
    now: deps.clock(),
    notice,
    ...(mayFirm && {
      firm: {
        workspace: await findWorkspaceOrThrow(trx, workspaceId),
        zones: await findZones(trx, workspaceId),
      },
    }),
  });
}

/** A full member who leads a one-on-one speaks for the firm; to administer the Slack workspace gives nothing here. */
async function maySetFirm(trx: Trx, actor: Person): Promise<boolean> {
  const pairs = await findPairsOf(trx, actor.workspaceId, actor.id);
  return mayLead(actor) && pairs.some((pair) => pair.leaderId === actor.id && pair.state === 'active');
}

/** What to show somebody who may not set the firm's part; undefined where they may. */
function refuseFirm(deps: Deps, { workspaceId, actor, deadline }: Asked): Promise<ModalView | undefined> {
  return asWorkspace(
    deps.db,
    workspaceId,
    async (trx) => {
      if (await maySetFirm(trx, actor)) return undefined;
      await auditFirm(trx, deps, actor, 'set firm', false);
      return settingsOf(trx, deps, actor, NOT_FIRM);
    },
    { deadline },
  );
}

/** Saves both parts or nothing, and says what the form is to show. */
async function saveSettings(
  deps: Deps,
  asked: Asked,
  { private_metadata, state }: ViewOutput,
): Promise<ViewResponseAction> {
  const { workspaceId, actor } = asked;
  const version = readVersion(private_metadata);
  const read = readSettings(state, actor, version);
  if (!read.ok) return { response_action: 'errors', errors: read.errors };
  // Who may not set it learns nothing of the people and channels that it names.
  const refused = read.value.firm && (await refuseFirm(deps, asked));
  if (refused) return { response_action: 'update', view: refused };
  const problems = await firmProblems(deps, actor, read.value);
  if (problems) return { response_action: 'errors', errors: firmErrors(problems, version) };

  return asWorkspace(
    deps.db,
    workspaceId,
    async (trx) => {
      const { preferences, firm } = read.value;
      await lockPlansOf(trx, actor);
      if (version !== undefined && firm) {
        const mayFirm = await maySetFirm(trx, actor);
        await auditFirm(trx, deps, actor, 'set firm', mayFirm);
        if (!mayFirm) return { response_action: 'update', view: await settingsOf(trx, deps, actor, NOT_FIRM) };
        if (!(await saveFirm(trx, deps, actor, version, firm)))
          return { response_action: 'update', view: await settingsOf(trx, deps, actor, CHANGED) };
      }
      await savePreferences(trx, deps, actor, preferences);
      return { response_action: 'update', view: settingsSaved() };
    },
    asked,
  );
}

/**
 * False when somebody else has changed it since this version. The digest bears the name of whoever changed it last. What
 * a new owner inherits is handed over by the tick: it may be a lot.
 */
async function saveFirm(
  trx: Trx,
  deps: Deps,
  { workspaceId, id }: Person,
  version: number,
  { digest, ...firm }: FirmForm,
): Promise<boolean> {
  const before = await findWorkspaceOrThrow(trx, workspaceId);
  if (!(await updateFirm(trx, workspaceId, version, firm))) return false;
  if (firm.ownerId && firm.ownerId !== before.ownerId) await checkSoon(trx, workspaceId, deps.clock());
  const isSame = isSameDigest(before, digest);
  if (isSame && before.zone === firm.zone) return true;
  const byId = isSame ? (before.digestConfiguredBy ?? id) : id;
  await configureDigest(trx, workspaceId, digest, byId, deps.clock());
  return true;
}

function isSameDigest(set: Workspace, chosen: FirmForm['digest']): boolean {
  if (!chosen) return set.digestChannelId === null;
  return (
    set.digestChannelId === chosen.channelId &&
    set.digestWeekday === chosen.weekday &&
    set.digestCoversReports === chosen.coversReports &&
    set.digestAt?.equals(chosen.at) === true
  );
}

/** What only other people's and channels' standing in Slack tells. */
async function firmProblems(
  deps: Deps,
  { workspaceId }: Person,
  { firm }: SettingsForm,
): Promise<Record<string, string> | undefined> {
  if (!firm) return undefined;
  if (!isZone(firm.zone)) return zoneErrors('Pick a time zone.');
  const owner = firm.ownerId && (await meetPeople(deps, workspaceId, [firm.ownerId])).get(firm.ownerId);
  if (firm.ownerId && !(owner && mayLead(owner)))
    return ownerErrors('They have no full account in this workspace. Name somebody who does, or nobody.');
  if (!firm.digest) return undefined;
  const channel = checkChannel(await askChannel(await deps.slack(workspaceId), firm.digest.channelId));
  return channel.ok ? undefined : { [channel.field ?? DIGEST_CHANNEL]: channel.why };
}

/** What is planned for somebody, which their hours move, comes before the firm's row and their own. */
async function lockPlansOf(trx: Trx, { workspaceId, id }: Person): Promise<void> {
  const pairs = (await findPairsOf(trx, workspaceId, id)).map((pair) => pair.id);
  await lockPairs(trx, workspaceId, pairs);
  await lockPlanned(trx, workspaceId, pairs);
}

/** What is planned for them moves with their hours. Needs `lockPlansOf`. */
async function savePreferences(trx: Trx, deps: Deps, actor: Person, chosen: Preferences): Promise<void> {
  const { workspaceId, id } = actor;
  const now = deps.clock();
  await updatePreferences(trx, await findPersonOrThrow(trx, workspaceId, id), chosen, now);
  const pairs = await findPairsOf(trx, workspaceId, id);
  await rescheduleSteps(
    trx,
    workspaceId,
    pairs.map((pair) => pair.id),
  );
  await markHomeStale(trx, workspaceId, [id], now);
}

type Heard = AllMiddlewareArgs<Asked>;

/** An event only says that there may be news: it can come late, so Slack is asked what is so now. */
async function hearOf(deps: Deps, { context }: Heard, user: object & { id: string }): Promise<void> {
  const { workspaceId } = context;
  const known = await asWorkspace(deps.db, workspaceId, (trx) => findPerson(trx, workspaceId, user.id), context);
  const told = seenPerson(workspaceId, user, deps.clock());
  if (!known || (told && isSamePerson(told, known))) return;
  await refreshPeople(deps, workspaceId, [user.id]);
  deps.wake();
}

type Gone = SlackEventMiddlewareArgs<'app_uninstalled' | 'tokens_revoked'> & AllMiddlewareArgs<Asked>;

async function uninstalled(deps: Deps, { body, context }: Gone): Promise<void> {
  const { workspaceId } = context;
  const now = deps.clock();
  const happenedAt = body.event_time ? Temporal.Instant.fromEpochMilliseconds(body.event_time * 1000) : now;
  await asWorkspace(deps.db, workspaceId, (trx) => recordUninstalled(trx, workspaceId, { happenedAt, now }), context);
  deps.log.info({ workspace: workspaceId }, 'Slack says that the app was uninstalled');
  deps.wake();
}
