import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Bot } from '../../src/bot.ts';
import { asTick, asWorkspace } from '../../src/db/as-workspace.ts';
import { recordAudit } from '../../src/db/audit.ts';
import { forgetOnce } from '../../src/db/do-once.ts';
import { type World, world } from '../support/world.ts';
import {
  addressOf,
  audited,
  type Between,
  event,
  JSON_TYPE,
  listensBetween,
  type Sent,
  secondBot,
  send,
  signed,
} from './beside.ts';

/** A listener of the test's own, with an effect that shows how often it came about. */
function leavesAMark({ app, deps }: Bot, then: () => void = () => {}): void {
  app.event('team_join', async ({ context }) => {
    const { workspaceId } = context;
    const mark = { actorId: 'U0ANA00001', verb: 'joined', thing: 'team', decision: 'allowed' } as const;
    await asWorkspace(
      deps.db,
      workspaceId,
      async (trx) => {
        await recordAudit(trx, { workspaceId, id: deps.newId(), at: deps.clock(), ...mark });
        then();
      },
      context,
    );
  });
}

const joined = (w: World, id: string) =>
  signed(w, event(w, id, { type: 'team_join', user: { id: 'U0ANA00001' } }), { type: JSON_TYPE });

describe('IN1', () => {
  test('the same events four times each, out of order, to two processes: one effect each, all answered 200', async () => {
    await using w = await world();
    await using second = await secondBot(w);
    for (const bot of [w.bot, second.bot]) leavesAMark(bot);
    const urls = [addressOf(w), second.url];
    const sends = [3, 1, 2, 1, 3, 2, 2, 3, 1, 1, 2, 3].map((number, at) =>
      send(urls[at % 2] ?? '', joined(w, `Ev${number}`)),
    );
    const answers = await Promise.all(sends);
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(await audited(w, 'joined')).toBe(3);
  });

  test('an event that failed is answered 500, leaves nothing, and takes effect when it comes again', async () => {
    await using w = await world();
    let fails = true;
    leavesAMark(w.bot, () => {
      if (fails) throw new Error('the first time it fails');
    });
    expect((await send(addressOf(w), joined(w, 'Ev1'))).status).toBe(500);
    expect(await audited(w, 'joined')).toBe(0);
    fails = false;
    expect((await send(addressOf(w), joined(w, 'Ev1'))).status).toBe(200);
    expect(await audited(w, 'joined')).toBe(1);
  });
});

async function proposed(w: World): Promise<void> {
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  await w.dana.act({ do: 'close' });
}

const lastOf = ({ requests }: Between): Sent => {
  const sent = requests.at(-1);
  if (!sent) throw new Error('Nothing was sent');
  return sent;
};

const counts = async (w: World) => ({
  proposals: await w.database.count('proposal'),
  pairs: await w.database.count('pair'),
  messages: await w.database.count('outbox'),
  decisions: await w.database.count('audit'),
});

const statesOf = async (w: World): Promise<string[]> => {
  const query = w.bot.deps.db.selectFrom('proposal').select('state').orderBy('state');
  return asTick(w.bot.deps.db, async (trx) => (await trx.executeQuery(query)).rows.map(({ state }) => state));
};

describe('IN6', () => {
  test('a submitted form replayed to two processes at once changes nothing more', async () => {
    await using w = await world();
    await using second = await secondBot(w);
    await using wire = await listensBetween(w);
    await w.dana.types('/accord with @ana');
    await w.dana.submits('Propose a rhythm', {});
    const before = await counts(w);
    const replays = [wire.to, second.url, wire.to, second.url].map((url) => send(url, lastOf(wire)));
    for (const answer of await Promise.all(replays)) expect(answer).toMatchObject({ status: 200, body: '' });
    expect(await counts(w)).toEqual(before);
  });

  test('the same form four times at once, to two processes: one proposal', async () => {
    await using w = await world();
    await using second = await secondBot(w);
    await using wire = await listensBetween(w);
    const bot = wire.to;
    await w.dana.types('/accord with @ana');
    wire.to = 'http://127.0.0.1:1/';
    await w.dana.submits('Propose a rhythm', {});
    const answers = await Promise.all([bot, second.url, bot, second.url].map((url) => send(url, lastOf(wire))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers.filter(({ body }) => body.includes('response_action'))).toHaveLength(1);
    expect(await counts(w)).toMatchObject({ proposals: 1, pairs: 1 });
  });

  test('a double click, as two requests at once, accepts once', async () => {
    await using w = await world();
    await proposed(w);
    await Promise.all([w.ana.clicks('Accept'), w.ana.clicks('Accept')]);
    expect(await statesOf(w)).toEqual(['accepted']);
    const seen = await w.dana.sees();
    expect(seen.split('Agreed with Ana').length - 1).toBe(1);
  });

  test('a replayed click answers nobody anything and changes nothing', async () => {
    await using w = await world();
    await proposed(w);
    await using wire = await listensBetween(w);
    await w.ana.clicks('Accept');
    const before = await counts(w);
    const seen = await w.ana.sees();
    expect(await send(wire.to, lastOf(wire))).toMatchObject({ status: 200, body: '' });
    await w.settles();
    expect(await counts(w)).toEqual(before);
    expect(await w.ana.sees()).toBe(seen);
  });
});

describe('IN10', () => {
  test('two suggestions at once: one is sent, the other stays in its form and is told what is on the table', async () => {
    await using w = await world();
    await proposed(w);
    await w.ana.clicks('Suggest another');
    await w.dana.types('/accord cadence');
    const answers = await Promise.all([
      w.ana.submits('Suggest a rhythm', { 'How often': 'Every week' }),
      w.dana.submits('Suggest a rhythm', { 'How often': 'Every week' }),
    ]);
    expect(await counts(w)).toMatchObject({ proposals: 2 });
    const refused = answers.filter(({ errors }) => errors !== undefined);
    expect(refused).toHaveLength(1);
    expect(Object.values(refused[0]?.errors ?? {})[0]).toMatch(
      /^(Ana|Dana)[\w ]* has meanwhile suggested every week on .*Yours was not sent and is still here/,
    );
  });

  test('accepted by one while the other suggests anew: one of the two happens, and the other is told', async () => {
    await using w = await world();
    await proposed(w);
    await w.dana.types('/accord cadence');
    const [, suggested] = await Promise.all([
      w.ana.clicks('Accept'),
      w.dana.submits('Suggest a rhythm', { 'How often': 'Every week' }),
    ]);
    const states = await statesOf(w);
    if (suggested.errors) {
      expect(states).toEqual(['accepted']);
      expect(Object.values(suggested.errors)[0]).toContain('Both have meanwhile agreed on');
    } else {
      expect(states).toEqual(['open', 'withdrawn']);
      expect(await w.ana.sees()).toContain('That proposal is not open for you any more.');
    }
  });

  test('a view that was updated meanwhile is left as it is, and nobody is told of a failure', async () => {
    await using w = await world();
    await w.dana.types('/accord with @ana');
    await w.control('faults', { method: 'views.update', fault: 'error:hash_conflict' });
    const open = await w.dana.modal();
    const changed = await w.dana.act({
      do: 'click',
      view: open?.id,
      actionId: 'complexity',
      value: 'solo-top-producer',
    });
    expect(changed).toMatchObject({ ok: true, status: 'acked' });
  });
});

test('what was done once is forgotten after a day, and not before', async () => {
  await using w = await world();
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  const before = await w.database.count('do_once');
  const query = (hours: number) =>
    sql`insert into do_once (workspace_id, key, at)
        values (${w.rehearsal.state.team.id}, ${`${hours} h`}, clock_timestamp() - make_interval(hours => ${hours}))`;
  const left = await asTick(w.database.db, async (trx) => {
    for (const hours of [1, 23, 25, 1_000]) await query(hours).execute(trx);
    await forgetOnce(trx);
    return trx.selectFrom('doOnce').select('key').where('key', 'like', '% h').orderBy('key').execute();
  });
  expect(left.map(({ key }) => key)).toEqual(['1 h', '23 h']);
  expect(before).toBeGreaterThan(0);
  expect(await w.database.count('do_once')).toBe(before + 2);
});
