import { stripTypeScriptTypes } from 'node:module';

/** Blanks the types and keeps every line and column where it was, so that failures point into the source. */
export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
