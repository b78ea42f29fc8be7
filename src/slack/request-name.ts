/** What Slack's body says about which request it is; nothing of it is certain. */
export type NamedRequest = {
  command?: unknown;
  text?: unknown;
  type?: unknown;
  event?: unknown;
  actions?: unknown;
  view?: unknown;
  callback_id?: unknown;
};

const OURS = /^[a-z][\w:.-]{0,60}$/i;

/**
 * What a request is called where requests are counted: the command with its known word, the id of the button, form or
 * shortcut, the type of the event. `words` are those that may follow a command; anything else that was typed is left out.
 */
export function requestName(body: NamedRequest, words: readonly string[]): string {
  if (typeof body.command === 'string') return commandName(body.command, body.text, words);
  const [action] = Array.isArray(body.actions) ? body.actions : [];
  const id =
    textOf(action, 'action_id') ??
    textOf(body.view, 'callback_id') ??
    textOf(body, 'callback_id') ??
    textOf(body.event, 'type');
  return id !== undefined && OURS.test(id) ? id : 'other';
}

function commandName(command: string, text: unknown, words: readonly string[]): string {
  if (!/^\/[a-z]{1,30}$/.test(command)) return 'other';
  const [typed = ''] = typeof text === 'string' ? text.trim().toLowerCase().split(/\s+/, 1) : [];
  return command === '/accord' && words.includes(typed) ? `${command} ${typed}` : command;
}

function textOf(holder: unknown, name: string): string | undefined {
  const value = typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
