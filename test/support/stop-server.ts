import { rm } from 'node:fs/promises';
import './start-server.ts';

export default async function stopServer(): Promise<void> {
  await globalThis.testServer?.database.close();
  if (globalThis.testServer) await rm(globalThis.testServer.dataFolder, { recursive: true, force: true });
}
