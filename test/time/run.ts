// Lives out of seeds, outside of any test runner:
//   ACCORD_SEED=123 npm run year                  one seed, told step by step
//   ACCORD_SEEDS=1000 ACCORD_DAYS=28 npm run year  the seeds 1 to 1000, as far as ACCORD_MINUTES go
import startServer from '../support/start-server.ts';
import stopServer from '../support/stop-server.ts';
import { type Lived, live } from './year.ts';

const days = Number(process.env.ACCORD_DAYS ?? 365);
const only = process.env.ACCORD_SEED;
const from = Number(process.env.ACCORD_FROM ?? 1);
const seeds = only
  ? [Number(only)]
  : Array.from({ length: Number(process.env.ACCORD_SEEDS ?? 10) }, (_, n) => from + n);
const until = performance.now() + Number(process.env.ACCORD_MINUTES ?? 60) * 60_000;

await startServer();
const lived: Lived[] = [];
const failed: number[] = [];
for (const seed of seeds) {
  if (performance.now() > until) break;
  const begun = performance.now();
  try {
    const one = await live(seed, days, only ? console.log : undefined);
    lived.push(one);
    if (only) console.log(JSON.stringify(one), `${Math.round(performance.now() - begun)} ms`);
  } catch (error) {
    failed.push(seed);
    console.log(`seed ${seed}: ${error instanceof Error ? error.message : error}`);
  }
}
await stopServer();

const sum = (of: (one: Lived) => number) => lived.reduce((all, one) => all + of(one), 0);
console.log(
  `${lived.length + failed.length} seeds of ${days} days: ${failed.length} failed${failed.length ? ` (${failed.join(', ')})` : ''}; ` +
    `${sum(({ acts }) => acts)} acts, ${sum(({ faults }) => faults)} faults, ${sum(({ kills }) => kills)} kills, ` +
    `${sum(({ meetings }) => meetings)} meetings, ${sum(({ commitments }) => commitments)} promises, ${sum(({ messages }) => messages)} messages`,
);
process.exit(failed.length === 0 ? 0 : 1);
