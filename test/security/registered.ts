import { register, subcommands } from '../../src/app.ts';
import type { AccordApp, Deps } from '../../src/deps.ts';

/** What the whole app listens to, as `kind id`, and the words after `/accord`: told by its own registering. */
export function registered(app: AccordApp, deps: Deps): string[] {
  const seen: string[] = [];
  const listened = new Proxy(app, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      // Middleware is nobody's to call.
      return name === 'use' ? () => {} : (constraint: unknown) => seen.push(`${String(name)} ${idOf(constraint)}`);
    },
  });
  register(listened, deps);
  return [...seen, ...Object.keys(subcommands).map((word) => `word ${word}`)];
}

const idOf = (constraint: unknown): string =>
  typeof constraint === 'object' && constraint !== null && 'callback_id' in constraint
    ? String(constraint.callback_id)
    : String(constraint);
