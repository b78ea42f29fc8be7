import { z } from 'zod';
import { modalOf } from '../seen.ts';
import type { Person } from '../state.ts';
import type { Workspace } from '../workspace.ts';
import {
  archive,
  changePerson,
  install,
  joinTeam,
  newPerson,
  personChange,
  setMembership,
  uninstall,
} from './administer.ts';
import { click } from './click.ts';
import { typeCommand } from './command.ts';
import { close, submit } from './form.ts';
import { openHome } from './home.ts';
import type { Acted, Answer, Refused } from './outcome.ts';
import { whoActs } from './place.ts';
import { runShortcut } from './shortcut.ts';
import { openWith, react, say } from './talk.ts';

const name = z.string().min(1);
const entered = z.record(z.string(), z.record(z.string(), z.unknown()));
const place = { in: name, ts: name };
const element = { actionId: name, blockId: name.optional(), value: z.unknown().optional(), values: entered.optional() };

const clicked = z.union([
  z.object({ do: z.literal('click'), ...place, ...element, stale: z.boolean().optional() }),
  z.object({ do: z.literal('click'), view: name, ...element }),
  z.object({
    do: z.literal('click'),
    button: name,
    in: name.optional(),
    row: name.optional(),
    stale: z.boolean().optional(),
  }),
]);

/** Everything that one can do, as a person. */
export const actShape = z.intersection(
  z.object({ as: name }),
  z.union([
    clicked,
    z.discriminatedUnion('do', [
      z.object({ do: z.literal('command'), text: name, in: name.optional() }),
      z.object({
        do: z.literal('submit'),
        view: name.optional(),
        values: entered.optional(),
        fields: z.record(z.string(), z.unknown()).optional(),
      }),
      z.object({ do: z.literal('close'), view: name.optional() }),
      z.object({
        do: z.literal('shortcut'),
        name: name.optional(),
        callbackId: name.optional(),
        in: name.optional(),
        ts: name.optional(),
      }),
      z.object({ do: z.literal('home'), tab: z.enum(['home', 'messages']).default('home') }),
      z.object({ do: z.literal('message'), in: name, text: z.string(), thread: name.optional() }),
      z.object({ do: z.literal('react'), ...place, name: z.string().regex(/^[a-z0-9_+'-]+$/) }),
      z.object({ do: z.literal('openDm'), with: z.array(name).min(1) }),
      z.object({ do: z.literal('person'), id: name, change: personChange }),
      z.object({ do: z.literal('join'), person: newPerson }),
      z.object({ do: z.literal('archive'), in: name }),
      z.object({ do: z.literal('unarchive'), in: name }),
      z.object({ do: z.literal('invite'), in: name, who: name }),
      z.object({ do: z.literal('remove'), in: name, who: name }),
      z.object({ do: z.literal('uninstall') }),
      z.object({ do: z.literal('install') }),
    ]),
  ]),
);
export type Act = z.output<typeof actShape>;

/** Does what a person does, and says what came of it, with the form that is open to them afterwards. */
export async function act(workspace: Workspace, wanted: Act): Promise<Answer> {
  const who = whoActs(workspace, wanted.as);
  if (!who.ok) return { ...who, modal: null };
  const outcome = await perform(workspace, who.person, wanted);
  return { ...outcome, modal: modalOf(workspace, who.person) };
}

function perform(workspace: Workspace, person: Person, wanted: Act): Acted | Refused | Promise<Acted | Refused> {
  switch (wanted.do) {
    case 'command':
      return typeCommand(workspace, person, wanted);
    case 'click':
      return click(workspace, person, wanted);
    case 'submit':
      return submit(workspace, person, wanted);
    case 'close':
      return close(workspace, person, wanted);
    case 'shortcut':
      return runShortcut(workspace, person, wanted);
    case 'home':
      return openHome(workspace, person, wanted);
    case 'message':
      return say(workspace, person, wanted);
    case 'react':
      return react(workspace, person, wanted);
    case 'openDm':
      return openWith(workspace, person, wanted.with);
    case 'person':
      return changePerson(workspace, person, wanted);
    case 'join':
      return joinTeam(workspace, wanted.person);
    case 'archive':
    case 'unarchive':
      return archive(workspace, person, { in: wanted.in, archived: wanted.do === 'archive' });
    case 'invite':
    case 'remove':
      return setMembership(workspace, person, { ...wanted, member: wanted.do === 'invite' });
    case 'uninstall':
      return uninstall(workspace, person);
    case 'install':
      return install(workspace, person);
  }
}
