import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

const manifestFile = new URL('../../manifest.yml', import.meta.url);

const manifest = z.object({
  oauth_config: z.object({
    scopes: z.object({ bot: z.array(z.string()), bot_optional: z.array(z.string()).default([]) }),
  }),
});

/** What the app asks for: without a required scope something does not work, without an optional one it works less well. */
export type Scopes = { required: string[]; optional: string[] };

export async function readScopes(): Promise<Scopes> {
  const { scopes } = manifest.parse(parse(await readFile(manifestFile, 'utf8'))).oauth_config;
  return {
    required: scopes.bot.filter((scope) => !scopes.bot_optional.includes(scope)),
    optional: scopes.bot_optional,
  };
}
