import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { asTick, asWorkspace } from '../../src/db/as-workspace.ts';
import { settingsModal } from '../../src/setup/settings.ts';
import { findWorkspaceOrThrow } from '../../src/setup/store.ts';
import { problemsOfView } from '../../src/slack/limits.ts';
import { manyMore } from '../commitments/many.ts';
import { anybody, awkwardTexts } from '../support/awkward.ts';
import { forgeForm } from '../support/forge.ts';
import { type World, world } from '../support/world.ts';

const TEAM = 'T0RIVER001';
const firmOf = (w: World) => asWorkspace(w.database.db, TEAM, (trx) => findWorkspaceOrThrow(trx, TEAM));

async function agreed(w: World): Promise<void> {
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  await w.ana.clicks('Accept');
}

describe('one’s own part', () => {
  test('shows the next time what was saved', async () => {
    await using w = await world();
    await w.ana.types('/accord settings');
    await w.ana.submits('Settings', {
      'How much you hear': 'Quiet',
      'Messages are welcome from': '07:30',
      until: '16:00',
      'Working days': ['Monday', 'Tuesday'],
      'The opening question of a meeting comes': '2 days before',
    });
    await w.ana.types('/accord settings');
    const seen = await w.ana.sees();
    expect(seen).toContain('[x] Quiet');
    expect(seen).toContain('Messages are welcome from: 07:30\nuntil: 16:00');
    expect(seen).toContain('[x] Monday  [x] Tuesday  [ ] Wednesday');
    expect(seen).toContain('comes: 2 days before');
  });

  test('hours that end before they begin, and no day at all, are refused under their fields', async () => {
    await using w = await world();
    await w.ana.types('/accord settings');
    const hours = await w.ana.submits('Settings', { until: '06:00' });
    expect(hours.errors).toEqual({ welcomeTo: 'Leave at least an hour, on the same day.' });
    const days = await w.ana.submits('Settings', { until: '16:00', 'Working days': [] });
    expect(Object.keys(days.errors ?? {})).toEqual(['workdays']);
  });

  test('moves the opening question of what is planned already', async () => {
    await using w = await world();
    await agreed(w);
    await w.ana.types('/accord settings');
    await w.ana.submits('Settings', { 'The opening question of a meeting comes': '3 days before' });
    await w.moves('2027-03-06T18:00:00Z');
    expect(await w.ana.sees()).toContain('what should it produce for you?');
  });
});

describe('the firm’s part', () => {
  test('takes its zone from whoever led the first one-on-one', async () => {
    await using w = await world();
    await w.kiran.types('/accord with @ana');
    await w.kiran.submits('Propose a rhythm', {});
    await w.dana.types('/accord with @marcus');
    await w.dana.submits('Propose a rhythm', {});
    expect((await firmOf(w)).zone).toBe('Europe/London');
  });

  test('is set by a leader and holds for everybody', async () => {
    await using w = await world();
    await agreed(w);
    await w.dana.types('/accord settings');
    const answer = await w.dana.submits('Settings', {
      'Time zone': 'America/Los Angeles',
      'Owner of the firm': '@mia',
      'What you call an independent contractor': 'advisor',
      'Digest channel': '#promises',
      'Digest day': 'Friday',
    });
    expect(answer.errors).toBeUndefined();
    expect(await firmOf(w)).toMatchObject({
      zone: 'America/Los_Angeles',
      ownerId: 'U0MIA00001',
      contractorWord: 'advisor',
      digestChannelId: 'C0PROMISES',
      digestWeekday: 5,
      digestConfiguredBy: 'U0DANA0001',
    });
  });

  test('names an owner, who inherits all that nobody is left to answer for, however much it is', async () => {
    await using w = await world();
    await w.mia.types('/accord with @ana');
    await w.mia.submits('Propose a rhythm', {});
    await w.mia.act({ do: 'close' });
    await w.ana.clicks('Accept');
    await w.mia.types('/commit listing presentation by 19 March');
    await manyMore(w, 120, 'listing presentation');
    const owners = async () => {
      const rows = await asTick(w.database.db, (trx) => trx.selectFrom('commitment').select('ownerId').execute());
      return rows.map(({ ownerId }) => ownerId);
    };
    await w.dana.act({ do: 'person', id: w.mia.id, change: { deleted: true } });
    await w.dana.types('/accord with @kiran');
    await w.dana.submits('Propose a rhythm', {});
    await w.dana.act({ do: 'close' });
    await w.kiran.clicks('Accept');
    expect(await owners()).toEqual(Array(121).fill(w.mia.id));

    await w.dana.types('/accord settings');
    expect((await w.dana.submits('Settings', { 'Owner of the firm': w.dana.id })).errors).toBeUndefined();
    await w.settles();
    expect(await owners()).toEqual(Array(121).fill(w.dana.id));
  });

  test('is not offered to whoever leads nobody, and says who sets it', async () => {
    await using w = await world();
    await agreed(w);
    await w.ana.types('/accord settings');
    const seen = await w.ana.sees();
    expect(seen).toContain('The firm’s part is set by whoever leads a one-on-one.');
    expect(seen).not.toContain('Digest channel');
  });

  test('is refused to somebody who forges the form', async () => {
    await using w = await world();
    await agreed(w);
    const open = { callbackId: 'setup:settings-submitted', metadata: '{"version":1}' };
    await w.dana.types('/accord settings');
    const values = valuesShown(await w.dana.modal());
    const shown = 'digestChannel.1';
    for (const channel of ['C0LENDERS1', 'C0NOWHERE1'])
      for (const { id } of [w.ana, w.mia, w.gus, w.otto]) {
        const forged = { ...open, values: { ...values, [shown]: chosen(shown, channel) } };
        const answer = await forgeForm(w, id, forged);
        expect(JSON.stringify(answer)).toContain('is set by a full member who leads a one-on-one');
      }
    expect((await firmOf(w)).version).toBe(1);
    const denied = sql<{ actor: string }>`
      select distinct actor_id as actor from audit where verb = 'set firm' and decision = 'denied' order by 1`;
    const { rows } = await asTick(w.database.db, (trx) => denied.execute(trx));
    expect(rows.map(({ actor }) => actor)).toEqual([w.ana.id, w.gus.id, w.mia.id, w.otto.id].toSorted());
  });

  test('SEC5: a channel of another firm, or one that Accord is not in, is refused under its field', async () => {
    await using w = await world();
    await agreed(w);
    await w.dana.types('/accord settings');
    for (const channel of ['C0LENDERS1', 'C0GENERAL1', 'C0NOWHERE1']) {
      const values = { ...valuesShown(await w.dana.modal()), 'digestChannel.1': chosen('digestChannel.1', channel) };
      const form = { callbackId: 'setup:settings-submitted', metadata: '{"version":1}', values };
      const answer = await forgeForm(w, 'U0DANA0001', form);
      expect(JSON.stringify(answer)).toContain('"digestChannel.1":');
    }
    expect((await firmOf(w)).digestChannelId).toBeNull();
  });

  test('of two who change it at once, the second is shown what the first made of it', async () => {
    await using w = await world();
    await agreed(w);
    await w.mia.types('/accord with @marcus');
    await w.mia.submits('Propose a rhythm', {});
    await w.marcus.clicks('Accept');
    await w.mia.types('/accord settings');
    await w.dana.types('/accord settings');
    await w.dana.submits('Settings', { 'What you call an independent contractor': 'advisor' });
    await w.mia.submits('Settings', { 'What you call an independent contractor': 'partner' });
    const seen = await w.mia.sees();
    expect(seen).toContain('Somebody changed the firm’s settings while this was open, so nothing was saved.');
    expect(seen).toContain('What you call an independent contractor: advisor');
  });
});

test.each(awkwardTexts)('the form is within Slack’s limits with %s', (_what, text) => {
  const viewer = anybody({ name: text, snoozedUntil: Temporal.Instant.from('2027-03-29T04:00:00Z') });
  const workspace = {
    id: TEAM,
    name: text,
    zone: 'America/New_York',
    enterpriseId: null,
    botUserId: null,
    botId: null,
    token: null,
    scopes: [],
    installedAt: null,
    uninstalledAt: null,
    checkedAt: null,
    checkDueAt: null,
    purgeDueAt: null,
    ownerId: 'U0MIA00001',
    contractorWord: text.slice(0, 30),
    reportWord: text.slice(0, 30),
    digestChannelId: null,
    digestWeekday: null,
    digestAt: null,
    digestCoversReports: false,
    digestConfiguredBy: null,
    digestDueAt: null,
    digestLastOn: null,
    digestLastAt: null,
    digestStaleAt: null,
    homesFrom: null,
    version: 1,
  };
  const zones = Intl.supportedValuesOf('timeZone').slice(0, 90);
  const now = Temporal.Instant.from('2027-03-23T16:00:00Z');
  expect(problemsOfView(settingsModal({ viewer, now, notice: 'x', firm: { workspace, zones } }))).toEqual([]);
});

type Values = Record<string, Record<string, Record<string, unknown>>>;

/** What the form holds as it was opened, as Slack would send it back. */
function valuesShown(open: Awaited<ReturnType<World['dana']['modal']>>): Values {
  const values: Values = {};
  for (const block of open?.view.blocks ?? []) {
    if (block.type !== 'input' || !('element' in block)) continue;
    const { element } = block;
    const held = Object.entries(element)
      .filter(([name]) => name.startsWith('initial_'))
      .map(([name, value]) => [name === 'initial_value' ? 'value' : name.replace('initial_', 'selected_'), value]);
    const actionId = 'action_id' in element ? String(element.action_id) : '';
    values[String(block.block_id)] = { [actionId]: Object.fromEntries(held) };
  }
  return values;
}

const chosen = (field: string, conversation: string) => ({ [field]: { selected_conversation: conversation } });
