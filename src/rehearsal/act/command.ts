import { addMessage } from '../conversations.ts';
import { isAppMessage, sayAsApp } from '../response-url.ts';
import type { Conversation, Person } from '../state.ts';
import { readContent } from '../web-api/message-content.ts';
import type { AppAnswer, Workspace } from '../workspace.ts';
import { type Acted, acted, type Refused, refused } from './outcome.ts';
import { channelName } from './payload.ts';
import { hasApp, whereActs } from './place.ts';
import { encodeTyped } from './typed.ts';

const TEXT_AT_MOST = 40_000;

/** Types a slash command. What Slack itself has to say about it comes from Slackbot, for the typist's eyes. */
export async function typeCommand(
  workspace: Workspace,
  person: Person,
  { text, in: where }: { text: string; in?: string },
): Promise<Acted | Refused> {
  const there = whereActs(workspace, person, where);
  if (!there.ok) return there;
  const { conversation } = there;
  const [, command = '', rest = ''] = /^(\/\S*)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  if (command === '') return refused('not_a_command', 'A command begins with a slash, as in "/accord help".');

  const known = workspace.state.app.commands.find((one) => one.command === command.toLowerCase());
  if (!known || !hasApp(workspace, person))
    return noticed(workspace, conversation, person, 'refused', unknown(command));

  const answer = await workspace.dispatch.request('slash_commands', {
    ...callOf(workspace, person, conversation),
    command: known.command,
    text: known.shouldEscape ? encodeTyped(workspace, person, rest) : rest,
  });
  if (answer.status !== 'acked')
    return noticed(workspace, conversation, person, answer.status, failed(command, errorOf(answer)));
  return show(workspace, conversation, person, text.trim(), answer.body);
}

function callOf(workspace: Workspace, person: Person, conversation: Conversation) {
  const { app, team } = workspace.state;
  return {
    token: app.verificationToken,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: conversation.id,
    channel_name: channelName(conversation),
    user_id: person.id,
    user_name: person.name,
    api_app_id: app.appId,
    is_enterprise_install: 'false',
    response_url: workspace.responses.issue({ channel: conversation.id, userId: person.id }),
    trigger_id: workspace.triggers.issue(person.id),
  };
}

function show(workspace: Workspace, conversation: Conversation, person: Person, typed: string, body: unknown): Acted {
  if (isEmpty(body)) return acted();
  const said = typeof body === 'string' ? { text: body } : body;
  const content = isAppMessage(said) ? readContent(said, { textAtMost: TEXT_AT_MOST }) : undefined;
  if (!isAppMessage(said) || !content?.ok)
    return noticed(workspace, conversation, person, 'failed', failed(typed, 'invalid_command_response'));
  // An answer for everybody shows what it answers.
  if (said.response_type === 'in_channel') addMessage(workspace, conversation, { userId: person.id, text: typed });
  const { text, blocks } = sayAsApp(workspace, conversation, person.id, said, content);
  return acted({ answer: { text, ...(blocks && { blocks }) } });
}

function noticed(
  workspace: Workspace,
  conversation: Conversation,
  person: Person,
  status: Acted['status'],
  notice: string,
): Acted {
  addMessage(workspace, conversation, { userId: 'USLACKBOT', text: notice, ephemeralTo: person.id });
  return { ok: false, status, notice };
}

const errorOf = ({ status }: AppAnswer) => (status === 'timeout' ? 'operation_timeout' : 'dispatch_failed');

const isEmpty = (body: unknown): boolean =>
  body === undefined || body === '' || (typeof body === 'object' && body !== null && Object.keys(body).length === 0);

const failed = (typed: string, error: string): string => `${typed.split(/\s/, 1)[0]} failed with the error "${error}"`;

const unknown = (command: string): string =>
  `\`${command}\` is not a valid command. In Slack, all messages that start with the "/" symbol are interpreted as commands.\n\nIf you are trying to send a message and not run a command, try preceding the "/" with an empty space.`;
