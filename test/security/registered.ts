import * as commitments from '../../src/commitments/listeners.ts';
import type { AccordApp, Deps } from '../../src/deps.ts';
import * as home from '../../src/home/listeners.ts';
import * as recap from '../../src/recap/listeners.ts';
import * as record from '../../src/record/listeners.ts';
import * as reminders from '../../src/reminders/listeners.ts';

const subjects = { commitments, recap, record, home, reminders };

/** What these subjects listen to, as `kind id`, and the words of theirs after `/accord`: told by their own registering. */
export function registered(app: AccordApp, deps: Deps): string[] {
  const seen: string[] = [];
  const listened = new Proxy(app, {
    get(target, name) {
      const kind = String(name);
      if (!['action', 'view', 'shortcut', 'command'].includes(kind))
        return kind === 'event' || kind === 'use' ? () => {} : Reflect.get(target, name);
      return (constraint: string | RegExp | { callback_id: string }) => {
        const id = typeof constraint === 'object' && 'callback_id' in constraint ? constraint.callback_id : constraint;
        seen.push(`${kind} ${id}`);
      };
    },
  });
  for (const subject of Object.values(subjects)) {
    subject.register(listened, deps);
    if ('subcommands' in subject) seen.push(...Object.keys(subject.subcommands).map((word) => `word ${word}`));
  }
  return seen;
}
