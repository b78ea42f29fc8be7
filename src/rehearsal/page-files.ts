import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';

const PAGE = new URL('./page/', import.meta.url);
const PACKAGES = new URL('../../node_modules/', import.meta.url);

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};

/** Short names for the modules that the page uses. */
const MODULES: Record<string, string> = {
  'preact.js': 'preact/dist/preact.mjs',
  'preact/preact.js': 'preact/dist/preact.mjs',
  'preact/hooks.js': 'preact/hooks/dist/hooks.mjs',
  'htm.js': 'htm/dist/htm.mjs',
  'htm/htm.js': 'htm/dist/htm.mjs',
  'htm/preact.js': 'htm/preact/index.mjs',
};
const OF_THE_PAGES_PACKAGES = /^(preact|htm)\/[\w/-]+(\.module)?\.(mjs|js)$/;
/** Plain names without dots but the last, so that no path can leave the folder. */
const OF_THE_PAGE = /^([\w-]+\/)*[\w-]+\.(html|css|ts|js|svg|png|ico)$/;

export type PageFile = { type: string; content: string | Buffer };

/** A file of the page, its types blanked where it has any, or a module that it imports; nothing for any other path. */
export async function readPageFile(path: string): Promise<PageFile | undefined> {
  const found = locate(path === '/' ? 'index.html' : path.slice(1));
  if (!found) return undefined;
  const content = await readFile(found).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined;
    throw error;
  });
  if (content === undefined) return undefined;
  const extension = extname(found.pathname);
  const type = TYPES[extension] ?? 'application/octet-stream';
  return { type, content: extension === '.ts' ? stripTypeScriptTypes(content.toString(), { mode: 'strip' }) : content };
}

function locate(path: string): URL | undefined {
  if (path.startsWith('modules/')) {
    const module = MODULES[path.slice('modules/'.length)] ?? path.slice('modules/'.length);
    return OF_THE_PAGES_PACKAGES.test(module) ? new URL(module, PACKAGES) : undefined;
  }
  return OF_THE_PAGE.test(path) ? new URL(path, PAGE) : undefined;
}
