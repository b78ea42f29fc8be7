import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { fold } from '../../src/commitments/facts.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { addressOf } from '../../src/delivery/address.ts';
import { findPersonOrThrow } from '../../src/people/store.ts';
import { BE_FORGOTTEN, exportAnswer, forgottenWords } from '../../src/record/forget-views.ts';
import { beginForgetting } from '../../src/record/forgetting-store.ts';
import { problemsOfMessage } from '../../src/slack/limits.ts';
import { tick } from '../../src/tick.ts';
import { manyMore } from '../commitments/many.ts';
import { agreed } from '../commitments/paired.ts';
import { asDana, met } from '../recap/met.ts';
import { forgeClick } from '../support/forge.ts';
import { asksToLead, ownedBy } from '../support/handing.ts';
import { type World, world } from '../support/world.ts';
import { filesOf, recorded } from './kept.ts';

const commitments = (w: World) =>
  asTick(w.database.db, (trx) => trx.selectFrom('commitment').selectAll().orderBy('createdAt').execute());

/** Everything that is stored, the audit aside, with what is sealed opened. */
async function everything(w: World): Promise<string> {
  const names = await asTick(w.database.db, (trx) =>
    sql<{ name: string }>`
      select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'workspace_id' and table_name <> 'audit'`.execute(trx),
  );
  const rows = await asTick(w.database.db, async (trx) => {
    const all: unknown[] = [];
    for (const { name } of names.rows) all.push((await sql`select * from ${sql.table(name)}`.execute(trx)).rows);
    return all;
  });
  return JSON.stringify(rows);
}

async function forgets(person: World['ana'], line = '/accord export'): Promise<string> {
  await person.types(line);
  await person.clicks('Be forgotten');
  return person.sees();
}

/** Ana has written in every place that there is. */
async function written(w: World): Promise<void> {
  await recorded(w);
  await w.ana.types('/commit canary-promise for Oak Street by Friday');
  await w.ana.types('/commit ask: canary-ask for the firm by Friday');
  await w.ana.types('/accord agenda canary-agenda');
  await w.ana.types('/accord cadence @dana');
  await w.ana.submits('Suggest a rhythm', { 'How often': 'Every week', 'What it is for': 'canary-purpose' });
  await w.ana.act({ do: 'close' });
  await w.dana.clicks('Accept');
}

describe('being forgotten', () => {
  test('removes at once what one wrote, one’s name and one’s id, and says what was removed', async () => {
    await using w = await world();
    await written(w);
    await w.ana.types('/accord settings');
    await w.ana.act({ do: 'close' });
    const before = await everything(w);
    for (const word of ['canary-promise', 'canary-ask', 'canary-agenda', 'canary-purpose', w.ana.id])
      expect(before).toContain(word);

    const seen = await forgets(w.ana);
    expect(seen).toContain('You are forgotten. 1 one-on-one ended. Removed: ');
    expect(seen).toContain('1 agenda item');
    expect(seen).toContain('1 purpose');
    const after = await everything(w);
    for (const word of ['canary', w.ana.id, 'Ana"']) expect(after).not.toContain(word);
    expect(await w.database.count('person')).toBe(2);
    const audit = await asTick(w.database.db, (trx) =>
      trx.selectFrom('audit').selectAll().where('verb', '=', 'be forgotten').execute(),
    );
    expect(audit.map(({ actorId, decision }) => [actorId, decision])).toEqual([[w.ana.id, 'allowed']]);
  });

  test('leaves the other side their own: promises with their text, the confirmed recap, the figures', async () => {
    await using w = await world();
    await recorded(w);
    await w.dana.types('/commit yard signs for Oak Street by 31 March');
    const texts = (await commitments(w)).map(({ text, side }) => [side, text]);
    await forgets(w.ana);
    const rows = await commitments(w);
    expect(rows.map(({ text, side }) => [side, text])).toEqual(
      texts.map(([side, text]) => [side, side === 'firm' ? text : '(removed)']),
    );
    expect(rows.filter(({ side }) => side === 'firm').map(({ state }) => state)).toEqual(['open', 'open']);
    expect(rows.filter(({ side }) => side === 'partner').map(({ state }) => state)).toEqual(['missed']);
    expect(await w.dana.sees()).toContain('Somebody who left ended your one-on-one.');
    const ledger = (await w.dana.types('/accord ledger')).answer?.text ?? '';
    expect(ledger).toContain('Somebody who left, ended');
    expect(ledger).toContain('yard signs');

    await w.dana.types('/accord export');
    const all = JSON.parse((await filesOf(w, w.dana))['accord.json'] ?? '{}');
    expect(all.pairs[0].partner.name).toBe('Somebody who left');
    expect(all.pairs[0].meetings[0].recaps[0]).toMatchObject({ outcome: 'decision on relisting Oak Street' });
    expect(JSON.stringify(all)).not.toContain(w.ana.id);
  });

  test('every row is still the sum of its events', async () => {
    await using w = await world();
    await written(w);
    await forgets(w.ana);
    for (const row of await commitments(w)) {
      const events = await asTick(w.database.db, (trx) =>
        trx.selectFrom('commitmentEvent').selectAll().where('commitmentId', '=', row.id).orderBy('version').execute(),
      );
      const { ownerId, askedBy, state, digestLine } = fold(events);
      expect({ ownerId, askedBy, state, digestLine }).toEqual({
        ownerId: row.ownerId,
        askedBy: row.askedBy,
        state: row.state,
        digestLine: row.digestLine,
      });
    }
  });

  test('the other side goes on with theirs: done, moved, seen in bundles, and nothing waits for nobody', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit listing presentation by Friday');
    await forgets(w.ana);
    await w.moves('2027-03-05T15:00:00Z');
    expect(await w.dana.sees()).toContain('listing presentation, today');
    await w.dana.clicks('Done', { row: 'listing presentation' });
    expect((await commitments(w))[0]?.state).toBe('kept');
    await w.moves('+2w');
    const held = await asTick(w.database.db, (trx) =>
      trx.selectFrom('outbox').selectAll().where('state', 'in', ['held', 'queued', 'sending']).execute(),
    );
    expect(held).toEqual([]);
  });

  test('a leader’s open promises go to the firm’s owner with their text, where one is named', async () => {
    await using w = await world();
    await w.mia.types('/accord with @ana');
    await w.mia.submits('Propose a rhythm', {});
    await w.mia.act({ do: 'close' });
    await w.ana.clicks('Accept');
    await w.mia.types('/commit listing presentation by Friday');
    await w.dana.types('/accord help');
    await asTick(w.database.db, (trx) => trx.updateTable('workspace').set({ ownerId: w.dana.id }).execute());
    await forgets(w.mia);
    expect((await commitments(w))[0]).toMatchObject({
      state: 'open',
      ownerId: w.dana.id,
      text: 'listing presentation',
    });
    expect((await w.ana.types('/accord ledger')).answer?.text).toContain('listing presentation');
    expect(await everything(w)).not.toContain(w.mia.id);
  });

  test('with more than a request can take, in steps: the last word is that it is done, and nothing of theirs is open', async () => {
    await using w = await world();
    await written(w);
    await manyMore(w, 70, 'canary-promise');
    expect(await forgets(w.ana)).toContain(
      'You are being forgotten. It takes a few minutes; the last message from here says that it is done.',
    );
    expect(await w.ana.sees()).toMatch(/You are forgotten\. 1 one-on-one ended\. Removed: .*72 promises’ texts/);
    expect((await commitments(w)).filter(({ side, state }) => side === 'partner' && state === 'open')).toEqual([]);

    await w.moves('+2m');
    expect(await everything(w)).not.toContain(w.ana.id);
    expect(await w.database.count('forgetting')).toBe(0);
  });

  test('a colleague who owned something for another’s pair hands it back', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await ownedBy(w, w.mia);
    expect((await commitments(w))[0]?.ownerId).toBe(w.mia.id);
    await forgets(w.mia);
    expect((await commitments(w))[0]).toMatchObject({ ownerId: w.dana.id, text: 'vendor introduction', state: 'open' });
    expect(await everything(w)).not.toContain(w.mia.id);
  });

  test('asks that nobody has answered count too: with many of them it is done in steps', async () => {
    await using w = await world();
    await written(w);
    await manyMore(w, 30, 'canary-ask');
    expect(await forgets(w.ana)).toContain('You are being forgotten.');
    expect(await w.ana.sees()).toContain('You are forgotten. 1 one-on-one ended.');
    expect((await commitments(w)).filter(({ state }) => state === 'asked')).toEqual([]);
  });

  test('one tick takes a few steps of it, and asks for the next', async () => {
    await using w = await world();
    await written(w);
    await manyMore(w, 260, 'canary-promise');
    await asTick(w.database.db, async (trx) => {
      const person = await findPersonOrThrow(trx, 'T0RIVER001', w.ana.id);
      await beginForgetting(trx, person, { id: w.bot.deps.newId(), ended: 1, now: w.now() });
    });
    const open = async () =>
      (await commitments(w)).filter(({ text, state }) => /promise/.test(text) && state === 'open');
    let woken = 0;
    const wake = () => {
      woken += 1;
    };
    await tick({ ...w.bot.deps, wake });
    const left = (await open()).length;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(261);
    expect(woken).toBeGreaterThan(0);
    await w.settles();
    expect(await open()).toEqual([]);
    expect(await w.ana.sees()).toContain('You are forgotten.');
  });

  test('an ask whose day has ended, and that no tick has looked at since, has lapsed', async () => {
    await using w = await world();
    await written(w);
    await asTick(w.database.db, (trx) =>
      trx
        .updateTable('commitment')
        .set({ dueOn: Temporal.PlainDate.from('2027-02-26'), fallsDueAt: null })
        .where('askedBy', '=', w.ana.id)
        .where('state', '=', 'asked')
        .execute(),
    );
    expect(await forgets(w.ana)).toContain('You are forgotten. 1 one-on-one ended.');
    expect((await commitments(w)).map(({ state }) => state)).toContain('lapsed');
    expect(await everything(w)).not.toMatch(new RegExp(`canary|${w.ana.id}`));
  });

  test('in steps, whoever has no account any more by then is forgotten all the same', async () => {
    await using w = await world();
    await written(w);
    await w.dana.act({ do: 'person', id: w.ana.id, change: { deleted: true } });
    await asTick(w.database.db, async (trx) => {
      const person = await findPersonOrThrow(trx, 'T0RIVER001', w.ana.id);
      expect(person.active).toBe(false);
      await beginForgetting(trx, person, { id: w.bot.deps.newId(), ended: 1, now: w.now() });
    });
    await w.moves('+2m');
    expect((await commitments(w)).filter(({ state }) => state === 'asked')).toEqual([]);
    expect(await everything(w)).not.toMatch(new RegExp(`canary|${w.ana.id}`));
    expect(await w.database.count('forgetting')).toBe(0);
  });

  test('after a hand-over: neither partner nor leader before is left anywhere by their id', async () => {
    await using w = await world();
    await recorded(w);
    await asksToLead(w, w.mia);
    await w.mia.clicks('Take over');
    expect(await everything(w)).toContain(addressOf({ people: [w.ana.id, w.dana.id] }));
    await forgets(w.ana);
    expect(await everything(w)).not.toContain(w.ana.id);
    await forgets(w.dana);
    expect(await everything(w)).not.toContain(w.dana.id);
    expect(await everything(w)).toContain(w.mia.id);
  });

  test('what a leader before asked for goes with them, and nobody is asked for it any more', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit ask @ana canary-open-house by Friday');
    await asksToLead(w, w.mia);
    await w.mia.clicks('Take over');
    expect((await commitments(w)).map(({ state }) => state)).toEqual(['asked']);
    await forgets(w.dana);
    expect(await commitments(w)).toEqual([]);
    expect(await w.ana.sees()).not.toContain('(removed)');
  });

  test('whoever comes back is somebody new', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await forgets(w.ana);
    await agreed(w, w.ana, 'ana');
    expect((await w.ana.types('/accord ledger')).answer?.text).toContain('Ledger with Dana');
    expect((await w.ana.types('/accord export')).answer?.text).toContain('Four files');
    const pairs = await asTick(w.database.db, (trx) =>
      trx.selectFrom('pair').selectAll().orderBy('createdAt').execute(),
    );
    expect(pairs.map(({ state, partnerId }) => [state, partnerId === w.ana.id])).toEqual([
      ['ended', false],
      ['active', true],
    ]);
  });
});

describe('refused, or with nothing to do', () => {
  test('somebody of another firm is nobody here: nothing is removed, and it is audited', async () => {
    await using w = await world();
    await recorded(w);
    const before = await commitments(w);
    await forgeClick(w, w.otto.id, { actionId: BE_FORGOTTEN });
    expect(JSON.stringify(await commitments(w))).toBe(JSON.stringify(before));
    const audit = await asTick(w.database.db, (trx) =>
      trx.selectFrom('audit').selectAll().where('verb', '=', 'be forgotten').execute(),
    );
    expect(audit.map(({ decision }) => decision)).toEqual(['denied']);
  });

  test('nobody is forgotten by somebody else: a value in the click changes nothing', async () => {
    await using w = await world();
    await recorded(w);
    const { told } = await forgeClick(w, w.kiran.id, { actionId: BE_FORGOTTEN, value: w.ana.id });
    expect(told).toContain('Nothing of yours is stored here.');
    expect(await everything(w)).toContain(w.ana.id);
    expect(await everything(w)).not.toContain(w.kiran.id);
  });

  test('a second click finds nothing more', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await forgets(w.ana);
    const people = await w.database.count('person');
    expect((await forgeClick(w, w.ana.id, { actionId: BE_FORGOTTEN })).told).toContain('Nothing of yours is stored');
    expect(await everything(w)).not.toContain(w.ana.id);
    expect(await w.database.count('person')).toBe(people);
  });

  test('a recap that nobody confirmed goes with whoever wrote it', async () => {
    await using w = await world();
    await met(w);
    await w.dana.types('/accord recap');
    await w.dana.submits('Recap', asDana(w));
    await forgets(w.dana);
    const recaps = await asTick(w.database.db, (trx) => trx.selectFrom('recap').selectAll().execute());
    expect(recaps.map(({ outcome, decisions }) => [outcome, decisions])).toEqual([['(removed)', '(removed)']]);
  });
});

test('what is said of it is within Slack’s limits, and its text says what its blocks say', () => {
  const most = { answers: 9999, agendaItems: 9999, purposes: 9999, reasons: 9999, promises: 9999, recaps: 9999 };
  const messages = [exportAnswer('Four files come.'), { text: forgottenWords({ ...most, ended: 40 }) }];
  expect(messages.map(problemsOfMessage)).toEqual([[], []]);
  expect(forgottenWords(undefined)).toBe('Nothing of yours is stored here.');
});
