import { readFileSync } from 'node:fs';

export type Spread = { median: number; min: number; max: number };

/** The value that this part of all does not exceed. */
export function quantile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN;
}

export const spreadOf = (values: number[]): Spread => ({
  median: quantile(values, 0.5),
  min: quantile(values, 0),
  max: quantile(values, 1),
});

export const shown = ({ median, min, max }: Spread, unit: string, digits = 0): string =>
  `${median.toFixed(digits)} ${unit} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;

/** How long each run of some work takes, in milliseconds; the first few warm the compiler and the caches up. */
export async function timesOf(runs: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = -20; n < runs; n++) {
    const ms = await timed(work);
    if (n >= 0) times.push(ms);
  }
  return times;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Resident memory of one process in MB, as the kernel counts it. Linux only. */
export function residentMegabytes(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m);
  return Number(line?.[1]) / 1024;
}

/** Seconds that one process has computed, as the kernel counts them in hundredths. Linux only. */
export function computedSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
