import { viewShape } from '../shapes.ts';
import type { Person } from '../state.ts';
import type { Workspace } from '../workspace.ts';
import { type Acted, acted, type Refused, refused } from './outcome.ts';
import { appDirect, hasApp } from './place.ts';

/** Opens the app: its Home tab, or its messages. What a tab shows does not wait for the app. */
export async function openHome(
  workspace: Workspace,
  person: Person,
  { tab }: { tab: 'home' | 'messages' },
): Promise<Acted | Refused> {
  if (!hasApp(workspace, person))
    return refused('app_not_found', 'Only people of the team that installed the app can open it.');
  const home = workspace.state.homes[person.id];
  const answer = await workspace.dispatch.event({
    type: 'app_home_opened',
    user: person.id,
    channel: appDirect(workspace, person).id,
    event_ts: (workspace.now() / 1000).toFixed(6),
    tab,
    ...(tab === 'home' && home && { view: viewShape(workspace, home) }),
  });
  return answer.status === 'not_subscribed' ? acted() : { ok: answer.status === 'acked', status: answer.status };
}
