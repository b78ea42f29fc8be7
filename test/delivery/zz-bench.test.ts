import { test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { enqueueAll } from '../../src/delivery/outbox.ts';
import { delivering, FIRM } from './delivering.ts';
import { WebClient } from '@slack/web-api';
test('bench', async () => {
  await using bot = await delivering({ lanes: 16, timeoutMs: 10000 });
  const N = 3000;
  const ids = Object.keys(bot.slack.state.people).filter(p => p.startsWith('U0') );
  const client = new WebClient(bot.slack.state.app.botToken, { slackApiUrl: bot.slack.url + '/api/' });
  let t = performance.now();
  let n = 0;
  await Promise.all(Array.from({ length: 16 }, async () => { while (n++ < N) await client.chat.postMessage({ channel: 'C0PROMISES', text: 'hello ' + n }); }));
  let ms = performance.now() - t;
  console.log('bare', N / ms * 1000);
  // pretend 500 conversations by many channels
  for (let i = 0; i < 500; i++) bot.slack.state.conversations['C0X' + i] = { ...bot.slack.state.conversations.C0PROMISES!, id: 'C0X' + i, name: 'x' + i, messages: [] };
  for (let i=0;i<N;i++) bot.facts.set('k'+i, 'hello '+i);
  const now = bot.time.now;
  t = performance.now();
  await asTick(bot.db, (trx) => enqueueAll(trx, Array.from({ length: N }, (_, i) => ({ workspaceId: FIRM, id: crypto.randomUUID(), kind: 'prompt', key: 'k' + i, about: { thing: 'k' + i }, to: { channel: 'C0X' + (i % 500) }, notBefore: now, now }))));
  console.log('enqueue all', performance.now() - t);
  t = performance.now();
  const { claimDue, giveBack, waitForClaim } = await import('../../src/delivery/claim.ts');
  for (let i = 0; i < 5; i++) { const tok = crypto.randomUUID(); const a = performance.now(); const rows = await asTick(bot.db, trx => claimDue(trx, now, 8, tok, { workspaceMs: 0, leaseMs: 60000 } as any)); const b = performance.now(); await asTick(bot.db, trx => giveBack(trx, tok)); const c = performance.now(); await asTick(bot.db, trx => waitForClaim(trx, now)); const d = performance.now(); await asTick(bot.db, async () => {}); console.log('claim', b - a, rows.length, 'back', c - b, 'wait', d - c, 'emptytrx', performance.now() - d); }
  await asTick(bot.db, async (trx) => {
    const { sql } = await import('kysely');
    const log: string[] = [];
    const orig = trx.getExecutor();
    const { CompiledQuery } = await import('kysely');
    let compiled: any;
    const spy = new Proxy(trx, { get(target, key) { if (key === 'getExecutor') return () => new Proxy(orig, { get(o: any, k) { if (k === 'executeQuery') return (q: any) => { compiled = q; return o.executeQuery(q); }; const v = o[k]; return typeof v === 'function' ? v.bind(o) : v; } }); return (target as any)[key]; } });
    await claimDue(spy as any, now, 8, crypto.randomUUID(), { workspaceMs: 0, leaseMs: 60000 } as any);
    const res = await trx.executeQuery({ ...compiled, sql: 'explain (analyze, costs) ' + compiled.sql } as any);
    console.log((res.rows as any[]).map(r => Object.values(r)[0]).join('\n'));
    throw new Error('x');
  }).catch(e => console.log(e.message));
  t = performance.now();
  const r = await deliver(bot.deps, bot.delivery);
  ms = performance.now() - t;
  console.log('deliver', r, r.sent / ms * 1000);
  t = performance.now();
  for (let i = 0; i < 100; i++) await deliver(bot.deps, bot.delivery);
  console.log('empty', (performance.now() - t) / 100);
}, 100000);
