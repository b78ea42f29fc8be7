import { setImmediate as breath } from 'node:timers/promises';
import type { FaultKind } from '../../src/rehearsal/faults.ts';
import type { Away } from './agreed-and-planned.ts';
import { watchOver } from './invariants.ts';
import { monkey } from './monkey.ts';
import { randomFrom } from './random.ts';
import { type Rig, type RunningBot, rig } from './rig.ts';

/** With Slack's faults on the way and a machine that has other work; what is never done is not done after this either. */
const SETTLES_MS = 40_000;
const BEGIN = '2027-03-01T14:00:00Z';
const DANA = 'U0DANA0001';
const PAIRS: { leader: string; partner: string; name: string }[] = [
  { leader: DANA, partner: 'U0ANA00001', name: 'ana' },
  { leader: DANA, partner: 'U0MARCUS01', name: 'marcus' },
  { leader: 'U0MIA00001', partner: 'U0KIRAN001', name: 'kiran' },
];
const EVERYBODY = [...new Set(PAIRS.flatMap(({ leader, partner }) => [leader, partner]))];
const ZONES = [
  'America/New_York',
  'America/Los_Angeles',
  'Europe/London',
  'Asia/Kolkata',
  'Australia/Sydney',
  'Pacific/Apia',
];

/** What Slack does to a call: all of it short, so that a year of it does not take a day. */
const FAULTS: FaultKind[] = [
  '500',
  '500-after',
  'timeout-after',
  'reset-before',
  'reset-after',
  'reset-mid-body',
  'html',
  'html-after',
  'empty-after',
  'cut-json',
  'error:internal_error',
  'error:service_unavailable',
];

export type Lived = {
  seed: number;
  days: number;
  acts: number;
  faults: number;
  kills: number;
  messages: number;
  meetings: number;
  commitments: number;
};

/** A life of so many days out of one seed. Throws, with what led there, when something does not hold. */
export async function live(seed: number, days: number, tell: (line: string) => void = () => {}): Promise<Lived> {
  const random = randomFrom(seed);
  const begun = Temporal.Instant.from(BEGIN).add({ hours: random.whole(0, 24 * 180) });
  await using world = await rig({
    at: begun.toString(),
    newId: () => random.id(world.time.now),
    ...(process.env.LOG_LEVEL && { log: process.env.LOG_LEVEL }),
  });
  const told: string[] = [];
  const note = (line: string) => {
    const stamped = `${world.time.now} ${line}`;
    told.push(stamped);
    tell(stamped);
  };
  try {
    return await liveIn(world, seed, days, random, note);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${why}\nIt came to this by:\n${told.slice(-25).join('\n')}\nReplay it: ACCORD_SEED=${seed} ACCORD_DAYS=${days} npm run year`,
      { cause: error },
    );
  }
}

async function liveIn(
  world: Rig,
  seed: number,
  days: number,
  random: ReturnType<typeof randomFrom>,
  note: (line: string) => void,
): Promise<Lived> {
  const written = new Map<string, string>();
  const away: Away = [];
  const { check, finalCheck, stopWatching } = watchOver(world, written, away);
  const hand = monkey(world, random, written);
  const { faults: orders } = world.rehearsal.workspace;
  let running: RunningBot = await world.open();
  const counts = { acts: 0, faults: 0, kills: 0 };
  const later = (seconds: number) => world.setTime(world.time.now.add({ seconds }));

  /** Works until nothing is due, however often the bot has to be opened anew; says when there is something again. */
  async function settle(): Promise<Temporal.Instant | undefined> {
    let trouble: unknown;
    for (const until = performance.now() + SETTLES_MS; performance.now() < until; ) {
      const settled = running.bot.settle().catch((error) => {
        trouble = error;
        return undefined;
      });
      const ahead = await Promise.race([settled, running.died.then(() => undefined)]);
      await breath();
      if (!running.isAlive()) await reopen();
      else if (ahead && ahead.retryInMs === undefined && !isDue(ahead.next)) return ahead.next;
    }
    throw new Error(`The bot does not settle: ${trouble}`);
  }

  const isDue = (at: Temporal.Instant | undefined) =>
    at !== undefined && Temporal.Instant.compare(at, world.time.now.add({ milliseconds: running.skew })) <= 0;

  async function reopen(): Promise<void> {
    counts.kills += 1;
    note('the bot is dead and opened anew');
    running = await world.open(running.skew);
  }

  async function look(isQuiet = true): Promise<void> {
    await check({ isQuiet: isQuiet && running.skew === 0 });
  }

  /** Through everything due on the way. */
  async function moves(to: Temporal.Instant): Promise<void> {
    let next = await settle();
    await look();
    while (next && Temporal.Instant.compare(wall(next), to) < 0) {
      world.setTime(atLeast(wall(next), world.time.now));
      next = await settle();
      await look();
    }
    world.setTime(to);
    await settle();
    await look();
  }
  const wall = (at: Temporal.Instant) => at.subtract({ milliseconds: running.skew });

  async function acts(): Promise<void> {
    counts.acts += 1;
    later(random.whole(1, 90));
    const as = random.pick(EVERYBODY);
    if (world.rehearsal.state.people[as]?.deleted) return;
    note(`${as} ${await does(as)}`);
  }

  function does(as: string): Promise<string> {
    const pair = random.pick(PAIRS.filter(({ leader, partner }) => leader === as || partner === as));
    const other = pair.leader === as ? `@${pair.name}` : pair.leader === DANA ? '@dana' : '@mia';
    const by = random.pick(['tomorrow', 'Friday', 'in 2 weeks', 'end of month', 'today', 'in 3 days']);
    const dice = random.next();
    if (dice < 0.62) return hand.presses(as);
    if (dice < 0.72) return hand.types(as, `/commit ${hand.text(as)} for ${other} by ${by}`);
    if (dice < 0.8) return hand.types(as, `/commit ask ${other} ${hand.text(as)} by ${by}`);
    if (dice < 0.84) return hand.types(as, `/accord agenda ${other} ${hand.text(as)}`);
    if (dice < 0.9) return hand.types(as, `/accord recap ${other}`);
    if (dice < 0.93) return hand.parts(as, other);
    const screens = [`/accord with ${other}`, `/accord cadence ${other}`, '/accord settings', '/accord ledger'];
    return hand.types(as, random.pick(screens));
  }

  async function trouble(): Promise<void> {
    const dice = random.next();
    counts.faults += 1;
    if (dice < 0.35) {
      const fault = random.pick(FAULTS);
      note(`Slack: ${fault}`);
      orders.add({
        method: random.pick(['chat.postMessage', 'chat.postMessage', '*']),
        fault,
        times: random.whole(1, 2),
      });
    } else if (dice < 0.6) {
      const [n, when] = [random.whole(1, 6), random.pick(['before', 'after'] as const)];
      note(`the bot dies ${when} its call ${n}`);
      running.killAtCall(n, when);
    } else if (dice < 0.75) {
      note('the database ends its connections');
      const settling = settle();
      await running.disconnect();
      await settling;
    } else if (dice < 0.85) await outage(random.chance(0.15) ? random.whole(200, 500) : random.whole(2, 30));
    else if (dice < 0.95) await clockIsOff(random.pick([-2, 2]) * 3_600_000);
    else await somebodyChanges();
  }

  async function outage(hours: number): Promise<void> {
    const from = world.time.now;
    await running.kill();
    world.setTime(from.add({ hours }));
    away.push({ from, to: world.time.now });
    note(`after ${hours} hours without a bot`);
    running = await world.open();
    await settle();
    await look();
  }

  /** A machine whose clock is wrong for a while, and then set right. */
  async function clockIsOff(skew: number): Promise<void> {
    note(`the bot's clock is off by ${skew / 3_600_000} hours`);
    // Ahead, it passes over what lies between; behind, it is not there in time.
    const span = { from: world.time.now, to: world.time.now.add({ hours: 24 }) };
    away.push(span);
    running.skew = skew;
    await settle();
    await look(false);
    await acts();
    await settle();
    await look(false);
    world.setTime(world.time.now.add({ hours: random.whole(1, 4) }));
    await settle();
    running.skew = 0;
    span.to = world.time.now.add({ hours: 3 });
    await settle();
    await look(false);
    world.setTime(world.time.now.add({ hours: 3 }));
    await settle();
    await look();
  }

  async function somebodyChanges(): Promise<void> {
    const id = random.pick(EVERYBODY.filter((one) => one !== DANA));
    const { deleted } = world.rehearsal.state.people[id] ?? {};
    const change = deleted || random.chance(0.3) ? { deleted: !deleted } : { zone: random.pick(ZONES) };
    note(`${id} changes: ${JSON.stringify(change)}`);
    await world.does(change.deleted === undefined ? id : DANA, { do: 'person', id, change });
  }

  await begin(world, hand, settle, random);
  await look();
  const end = world.time.now.add({ hours: 24 * days });
  while (Temporal.Instant.compare(world.time.now, end) < 0) {
    await moves(world.time.now.add({ minutes: Math.ceil(random.next() ** 2 * 48 * 60) }));
    for (let n = random.whole(0, 3); n > 0; n--) {
      await acts();
      await settle();
      await look();
    }
    if (random.chance(0.12)) await trouble();
  }
  orders.clear();
  await settle();
  await look();
  const kept = await finalCheck();
  stopWatching();
  return { seed, days, ...counts, ...kept };
}

const atLeast = (one: Temporal.Instant, other: Temporal.Instant) =>
  Temporal.Instant.compare(one, other) < 0 ? other : one;

/** Three pairs agree on their rhythms. */
async function begin(
  world: Rig,
  hand: ReturnType<typeof monkey>,
  settle: () => Promise<unknown>,
  random: ReturnType<typeof randomFrom>,
): Promise<void> {
  for (const { leader, partner, name } of PAIRS) {
    await world.does(leader, { do: 'command', text: `/accord with @${name}` });
    const purpose = hand.text(leader, 'operating support');
    await world.does(leader, { do: 'submit', fields: { 'What it is for': purpose } });
    await world.does(leader, { do: 'close' });
    world.setTime(world.time.now.add({ seconds: random.whole(20, 4000) }));
    await settle();
    await world.does(partner, { do: 'click', button: 'Accept' });
    await settle();
  }
}
