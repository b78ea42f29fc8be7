import { z } from 'zod';
import { act, actShape } from './act/act.ts';
import { isRefused } from './act/outcome.ts';
import { findConversation, whoActs } from './act/place.ts';
import { streamChanges } from './changes.ts';
import { clockRoutes } from './clock-routes.ts';
import { type Answering, type ControlRoute, controlRoute, no, said } from './control-route.ts';
import { maySee } from './conversations.ts';
import { faultOrder } from './faults.ts';
import { conversationSeen, messagesSeen, peopleSeen, screenOf } from './seen.ts';
import { seesText } from './seen-text.ts';
import type { Conversation, Person } from './state.ts';
import type { Workspace } from './workspace.ts';

const as = z.string().min(1);
const post = (path: string, body: unknown) => `-X POST $URL/rehearsal${path} -d '${JSON.stringify(body)}'`;

/** Whoever looks; people who left cannot. */
function looking(workspace: Workspace, wanted: string, then: (person: Person) => Answering): Answering {
  const who = whoActs(workspace, wanted);
  return who.ok ? then(who.person) : no(404, who.error, who.hint);
}

function lookingAt(
  workspace: Workspace,
  wanted: { as: string; id: string },
  then: (conversation: Conversation, person: Person) => Answering,
): Answering {
  return looking(workspace, wanted.as, (person) => {
    const conversation = findConversation(workspace, person, wanted.id);
    if (conversation && maySee(workspace.state, conversation, person.id)) return then(conversation, person);
    return no(404, 'channel_not_found', `${person.realName} sees no conversation ${wanted.id}.`);
  });
}

export const CONTROL_ROUTES: ControlRoute[] = [
  controlRoute({
    method: 'GET',
    path: '/',
    about: 'These routes.',
    example: '$URL/rehearsal/',
    input: z.object({}),
    run: ({ workspace }) =>
      said(
        CONTROL_ROUTES.map(({ method, path, about, example }) => ({
          method,
          path: `/rehearsal${path}`,
          about,
          curl: `curl ${example.replace('$URL', workspace.url)}`,
        })),
      ),
  }),
  controlRoute({
    method: 'GET',
    path: '/people',
    about: 'Everybody here.',
    example: '$URL/rehearsal/people',
    input: z.object({}),
    run: ({ workspace }) => said(peopleSeen(workspace)),
  }),
  controlRoute({
    method: 'GET',
    path: '/screen',
    about: 'What the frame shows a person: the clock, their conversations, the open form, Home.',
    example: "'$URL/rehearsal/screen?as=ana'",
    input: z.object({ as }),
    run: ({ workspace, input }) => looking(workspace, input.as, (person) => said(screenOf(workspace, person))),
  }),
  controlRoute({
    method: 'GET',
    path: '/conversation',
    about: 'The messages of a conversation, or of one thread in it, as a person sees them.',
    example: "'$URL/rehearsal/conversation?as=ana&id=C0PROMISES'",
    input: z.object({ as, id: z.string(), thread: z.string().optional() }),
    run: ({ workspace, input }) =>
      lookingAt(workspace, input, (conversation, person) =>
        said(conversationSeen(workspace, conversation, person, input.thread)),
      ),
  }),
  controlRoute({
    method: 'POST',
    path: '/read',
    about: 'Marks a conversation as read.',
    example: post('/read', { as: 'ana', id: 'C0PROMISES' }),
    input: z.object({ as, id: z.string() }),
    run: ({ workspace, input }) =>
      lookingAt(workspace, input, (conversation, person) => {
        const last = messagesSeen(conversation, person).at(-1)?.ts;
        if (last !== undefined && conversation.read[person.id] !== last) {
          conversation.read[person.id] = last;
          workspace.changed({ kind: 'read', conversationId: conversation.id, userId: person.id });
        }
        return said({ ok: true });
      }),
  }),
  controlRoute({
    method: 'GET',
    path: '/sees',
    about: 'Everything a person sees, or one conversation, as plain text.',
    example: "'$URL/rehearsal/sees?as=ana'",
    input: z.object({ as, in: z.string().optional() }),
    run: ({ workspace, input: { as: wanted, in: where } }) =>
      where === undefined
        ? looking(workspace, wanted, (person) => said(seesText(workspace, person)))
        : lookingAt(workspace, { as: wanted, id: where }, (conversation, person) =>
            said(seesText(workspace, person, conversation)),
          ),
  }),
  controlRoute({
    method: 'POST',
    path: '/act',
    about:
      'Does what a person does: command, click, submit, close, shortcut, home, message, react, openDm, person, join, archive, unarchive, invite, remove, uninstall, install.',
    example: post('/act', { as: 'dana', do: 'command', text: '/accord with @ana' }),
    input: actShape,
    async run({ workspace, input }) {
      const answer = await act(workspace, input);
      return said(answer, isRefused(answer) ? 409 : 200);
    },
  }),
  ...clockRoutes,
  controlRoute({
    method: 'GET',
    path: '/changes',
    about: 'Server-sent events: what changed that a person may know of.',
    example: "-N '$URL/rehearsal/changes?as=ana'",
    input: z.object({ as }),
    run: ({ workspace, input, response }) =>
      looking(workspace, input.as, (person) => {
        streamChanges(workspace, person, response);
        return undefined;
      }),
  }),
  controlRoute({
    method: 'GET',
    path: '/faults',
    about: 'What is still to go wrong.',
    example: '$URL/rehearsal/faults',
    input: z.object({}),
    run: ({ workspace }) => said(workspace.faults.list()),
  }),
  controlRoute({
    method: 'POST',
    path: '/faults',
    about: 'Makes calls of a Web API method go wrong, as often as `times` says.',
    example: post('/faults', { method: 'chat.postMessage', fault: '429', retryAfter: 2, times: 1 }),
    input: faultOrder,
    run: ({ workspace, input }) => said({ id: workspace.faults.add(input) }),
  }),
  controlRoute({
    method: 'DELETE',
    path: '/faults',
    about: 'Nothing goes wrong any more.',
    example: '-X DELETE $URL/rehearsal/faults',
    input: z.object({}),
    run({ workspace }) {
      workspace.faults.clear();
      return said({ ok: true });
    },
  }),
  controlRoute({
    method: 'POST',
    path: '/pacing',
    about: "Slack's pace: one message a second in a channel, so many calls a minute.",
    example: post('/pacing', { on: false }),
    input: z.object({ on: z.boolean() }),
    run({ workspace, input }) {
      workspace.pacing.on = input.on;
      return said({ on: input.on });
    },
  }),
  controlRoute({
    method: 'POST',
    path: '/request-url',
    about: 'Where signed requests go in HTTP mode; null for none.',
    example: post('/request-url', { url: 'http://127.0.0.1:3000/slack/events' }),
    input: z.object({ url: z.url().nullable() }),
    run({ workspace, input }) {
      workspace.requestUrl = input.url ?? undefined;
      return said({ url: input.url });
    },
  }),
  controlRoute({
    method: 'POST',
    path: '/tour',
    about: 'Notes a step of the guided tour as done, or the tour as dismissed.',
    example: post('/tour', { dismissed: true }),
    input: z.object({ done: z.string().min(1).optional(), dismissed: z.boolean().optional() }),
    run({ workspace, input }) {
      const { tour } = workspace.state;
      if (input.done !== undefined && !tour.done.includes(input.done)) tour.done.push(input.done);
      if (input.dismissed !== undefined) tour.dismissed = input.dismissed;
      workspace.changed({ kind: 'app' });
      return said(tour);
    },
  }),
  controlRoute({
    method: 'POST',
    path: '/start-over',
    about: 'Seeds the workspace anew; the clock goes back to the real time.',
    example: post('/start-over', {}),
    input: z.object({}),
    async run({ workspace }) {
      workspace.startOver();
      const { settled } = await workspace.clock.move({ to: 'now' });
      return said({ epoch: workspace.state.epoch, settled });
    },
  }),
];
