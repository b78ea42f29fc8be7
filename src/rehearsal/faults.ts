import { z } from 'zod';

/**
 * What can go wrong with one call. `-after` and `cut-json` and `reset-mid-body` come after the call took effect;
 * the others instead of it. `200-ratelimited` and `error:<name>` are ordinary refusals.
 */
export const faultKind = z.union([
  z.enum([
    '429',
    '429-no-header',
    '200-ratelimited',
    '500',
    '500-after',
    'timeout-before',
    'timeout-after',
    'reset-before',
    'reset-after',
    'reset-mid-body',
    'html',
    'html-after',
    'empty',
    'empty-after',
    'cut-json',
  ]),
  z.templateLiteral(['error:', z.string().min(1)]),
]);
export type FaultKind = z.infer<typeof faultKind>;

export const faultOrder = z.object({
  /** A Web API method, or `*` for every one. */
  method: z.string().min(1),
  channel: z.string().min(1).optional(),
  fault: faultKind,
  /** Seconds for `Retry-After`. */
  retryAfter: z.number().int().positive().default(1),
  times: z.number().int().positive().default(1),
});
export type FaultOrder = z.input<typeof faultOrder>;
export type Fault = z.output<typeof faultOrder> & { id: string };

export type Faults = {
  add(order: FaultOrder): string;
  list(): Fault[];
  clear(): void;
  /** Takes one use of the oldest fault that fits this call. */
  take(method: string, channel: string | undefined): Fault | undefined;
};

export function makeFaults(): Faults {
  let faults: Fault[] = [];
  let issued = 0;
  return {
    add(order) {
      issued += 1;
      const fault = { ...faultOrder.parse(order), id: `fault-${issued}` };
      faults.push(fault);
      return fault.id;
    },
    list: () => faults.map((fault) => ({ ...fault })),
    clear() {
      faults = [];
    },
    take(method, channel) {
      const found = faults.find(
        (fault) =>
          (fault.method === '*' || fault.method === method) &&
          (fault.channel === undefined || fault.channel === channel),
      );
      if (!found) return undefined;
      found.times -= 1;
      if (found.times === 0) faults = faults.filter((fault) => fault !== found);
      return found;
    },
  };
}
