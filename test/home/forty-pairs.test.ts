import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LEDGER_FILTER, LEDGER_FILTERS, OPEN_LEDGER } from '../../src/commitments/ledger-modal.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { EACH, foundLeader, PAIRS, pairOf, partnerName, partnerOf } from '../support/leader.ts';
import { type World, world } from '../support/world.ts';

// The stand-in takes a screen only within Slack's limits: 100 blocks and 250,000 characters a view, 50 blocks and 13,200
// characters a message, 3,000 a section, 2,000 a field. What a person sees here, it has taken.

const numbers = Array.from({ length: PAIRS }, (_, n) => n + 1);
/** How many of Dana's rows a page of the ledger shows. */
const A_PAGE = 20;

let w: World;
beforeAll(async () => {
  w = await world();
  await w.dana.types('/accord help');
  const { people, team } = w.rehearsal.state;
  const ana = people[w.ana.id];
  if (!ana) throw new Error('Ana is not in the stand-in');
  for (const n of numbers) {
    const [id, name] = [partnerOf(n), partnerName(n)];
    people[id] = { ...ana, id, name: id.toLowerCase(), realName: name, displayName: name };
  }
  await foundLeader(w.database.db, { firm: team.id, leader: w.dana.id, now: w.now() });
});
afterAll(() => w[Symbol.asyncDispose]());

const homeBlocks = () => JSON.stringify(w.rehearsal.state.homes[w.dana.id]?.view.blocks ?? []);
const modalBlocks = async () => JSON.stringify((await w.dana.modal())?.view.blocks ?? []);
const matches = (seen: string, what: RegExp): string[] => [...seen.matchAll(what)].map(([, found = '']) => found);

/** "7/12": the twelfth promise of the seventh pair. */
const rowsIn = (seen: string): string[] =>
  [...seen.matchAll(/listing presentation (\d+) of pair (\d+),/g)].map(([, place, pair]) => `${pair}/${place}`);

/** What is on all pages of the open ledger, page by page. */
async function pagesOf(): Promise<string[][]> {
  const pages: string[][] = [];
  for (let isLast = false; !isLast; ) {
    const seen = await modalBlocks();
    pages.push(rowsIn(seen));
    isLast = !seen.includes('"Next"');
    if (!isLast) await w.dana.clicks('Next');
  }
  return pages;
}

const LABELS = {
  all: /Everything: (\d+)/g,
  overdue: /Overdue: (\d+)/g,
  open: /Open: (\d+)/g,
  waiting: /Waits for an answer: (\d+)/g,
  kept: /Kept lately: (\d+)/g,
};

async function chooses(filter: string): Promise<string> {
  const answer = await w.dana.act({
    do: 'click',
    view: (await w.dana.modal())?.id,
    actionId: LEDGER_FILTER,
    value: filter,
  });
  expect(answer.ok).toBe(true);
  return modalBlocks();
}

const inDatabase = ({ pair, state }: { pair?: number; state?: 'asked' }) =>
  asTick(w.database.db, async (trx) => {
    let standing = trx.selectFrom('commitment').selectAll();
    standing = standing.where('state', 'in', state ? [state] : ['asked', 'open']);
    if (pair !== undefined) standing = standing.where('pairId', '=', pairOf(pair));
    return (await standing.execute()).flatMap(({ text }) => rowsIn(text));
  });

describe('a leader of forty pairs with fifty promises each', () => {
  test('has all of them on App Home, each with its figures and its ledger', async () => {
    await w.dana.opensHome();
    const home = homeBlocks();
    expect(matches(home, /\*(Partner \d\d)\* ·/g).toSorted()).toEqual(numbers.map(partnerName));
    const opened = new RegExp(`"action_id":"${OPEN_LEDGER}"[^}]*"value":"([^"]*)"`, 'g');
    expect(matches(home, opened).toSorted()).toEqual(numbers.map(pairOf));
    expect(home.match(/\*The firm\*/g)).toHaveLength(PAIRS);

    await w.dana.clicks('Show all', { in: 'home', row: partnerName(PAIRS) });
    expect(await modalBlocks()).toContain(`of pair ${PAIRS},`);
    await w.dana.act({ do: 'close' });
  });

  test('reads as many of them as a message holds in `/accord ledger`, which says where the others are', async () => {
    const { ok, answer } = await w.dana.types('/accord ledger');
    expect(ok).toBe(true);
    const blocks = JSON.stringify(answer?.blocks);
    const named = matches(blocks, /"\*(Partner \d\d)\*"/g);
    expect(new Set(named).size).toBe(named.length);
    expect(named.length).toBeGreaterThan(15);
    const left = PAIRS - named.length;
    expect(blocks).toContain(`${left} more: *Show all*, or name one with \`/accord ledger @name\`.`);
  });

  test('reads one by name', async () => {
    for (const n of [1, 20, PAIRS]) {
      const { ok, answer } = await w.dana.types(`/accord ledger @${partnerOf(n).toLowerCase()}`);
      expect([ok, answer?.text.split('. ')[0]]).toEqual([true, `Ledger with ${partnerName(n)}`]);
      expect(JSON.stringify(answer?.blocks)).toContain('listing presentation');
    }
  });

  test('reaches every row of one of them, page by page, and what each filter holds of it', async () => {
    await w.dana.types(`/accord ledger @${partnerOf(7).toLowerCase()}`);
    await w.dana.clicks('Show all');
    const pages = await pagesOf();
    expect(pages.map(({ length }) => length)).toEqual([A_PAGE, A_PAGE, EACH - 2 * A_PAGE]);
    expect(pages.flat().toSorted()).toEqual((await inDatabase({ pair: 7 })).toSorted());

    const held = new Map<string, string[]>();
    for (const filter of ['overdue', 'open', 'waiting', 'kept']) {
      const seen = await chooses(filter);
      expect(seen).toContain(`Everything: ${EACH}`);
      held.set(filter, (await pagesOf()).flat());
    }
    const { open = [], waiting = [], overdue = [], kept } = Object.fromEntries(held);
    expect([...open, ...waiting].toSorted()).toEqual(pages.flat().toSorted());
    expect(overdue.length).toBeGreaterThan(0);
    expect(open).toEqual(expect.arrayContaining(overdue));
    expect(kept).toEqual([]);
    await w.dana.act({ do: 'close' });
  });

  test('turns the pages of all of them, and reaches each one by what waits for an answer', async () => {
    await w.dana.types('/accord ledger');
    await w.dana.clicks('Show all');
    const pages = (PAIRS * EACH) / A_PAGE;
    expect(await modalBlocks()).toContain(`Page 1 of ${pages}`);
    await w.dana.clicks('Next');
    const second = await modalBlocks();
    expect(second).toContain(`Page 2 of ${pages}`);
    expect(rowsIn(second)).toHaveLength(A_PAGE);

    for (const filter of LEDGER_FILTERS) {
      const seen = await chooses(filter);
      const [held] = matches(seen, LABELS[filter]);
      expect(rowsIn(seen)).toHaveLength(Math.min(A_PAGE, Number(held)));
    }
    await chooses('waiting');
    const waiting = (await pagesOf()).flat();
    const isAsked = await inDatabase({ state: 'asked' });
    expect(waiting.toSorted()).toEqual(isAsked.toSorted());
    expect(new Set(waiting.map((row) => row.split('/')[0])).size).toBe(PAIRS);
  });
});
