// The smallest thing that could be called a Slack bot with a database: what Accord's start, memory and answers are held
// against. /bare writes one row down and acknowledges.
import { App, HTTPReceiver } from '@slack/bolt';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
await pool.query('create table if not exists bare (id bigint generated always as identity primary key, text text)');
const receiver = new HTTPReceiver({ signingSecret: 'bare-signing-secret', processBeforeResponse: true });
const app = new App({ receiver, authorize: async () => ({ botToken: 'xoxb-bare' }) });
app.command('/bare', async ({ command, ack }) => {
  await pool.query('insert into bare (text) values ($1)', [command.text]);
  await ack('ok');
});
const server = await receiver.start(Number(process.env.PORT));
process.on('SIGTERM', () => server.close(() => pool.end().then(() => process.exit(0))));
console.log('ready');
