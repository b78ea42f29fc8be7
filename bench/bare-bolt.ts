// The smallest thing that could be called a Slack bot with a database: what Accord's start and memory are held against.
import { App, HTTPReceiver } from '@slack/bolt';
import pg from 'pg';

const client = new pg.Client(process.env.DATABASE_URL);
await client.connect();
const receiver = new HTTPReceiver({ signingSecret: 'bare-signing-secret', processBeforeResponse: true });
const app = new App({ receiver, authorize: async () => ({ botToken: 'xoxb-bare' }) });
app.command('/bare', async ({ ack }) => ack('ok'));
const server = await receiver.start(Number(process.env.PORT));
process.on('SIGTERM', () => server.close(() => client.end().then(() => process.exit(0))));
console.log('ready');
