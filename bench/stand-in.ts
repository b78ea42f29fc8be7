// The stand-in in a process of its own, without Slack's pace, with as many channels as asked for.  Forked by the benches.
import { openRehearsal } from '../src/rehearsal/server.ts';

export type StandIn = { url: string; token: string; team: string; channels: string[] };

const rehearsal = await openRehearsal({ port: 0, pacing: false });
const { state } = rehearsal;
const channels = Array.from({ length: Number(process.argv[2]) }, (_, n) => `C0BENCH${String(n).padStart(4, '0')}`);
for (const id of channels)
  state.conversations[id] = {
    id,
    kind: 'channel',
    name: id.toLowerCase(),
    members: [state.app.botUserId],
    archived: false,
    sharedWith: [],
    createdAt: Date.now(),
    messages: [],
    read: {},
  };
const standIn: StandIn = { url: rehearsal.url, token: state.app.botToken ?? '', team: state.team.id, channels };
process.send?.(standIn);
process.on('message', () => {
  const texts = channels.flatMap((id) => state.conversations[id]?.messages.map(({ text }) => text) ?? []);
  process.send?.({ posted: texts.length, different: new Set(texts).size });
});
process.on('disconnect', () => process.exit());
