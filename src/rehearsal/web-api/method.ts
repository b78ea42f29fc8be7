import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Tier } from '../pacing.ts';
import type { Workspace } from '../workspace.ts';

/** An answer as Slack writes it; `ok: false` comes with the error's name. */
export type Answer = { ok: true; [field: string]: unknown } | Refusal;
export type Refusal = { ok: false; error: string; [field: string]: unknown };

export const ok = (fields: Record<string, unknown> = {}): Answer => ({ ok: true, ...fields });
export const refusal = (error: string, fields: Record<string, unknown> = {}): Refusal => ({
  ok: false,
  error,
  ...fields,
});

/** Slack explains itself in `response_metadata.messages`, one line a problem, each marked as the error that it is. */
export const explained = (error: string, problems: string[]): Refusal =>
  refusal(error, {
    response_metadata: {
      messages: problems.map((problem) => (problem.startsWith('[ERROR]') ? problem : `[ERROR] ${problem}`)),
    },
  });

export type Call<Args> = {
  workspace: Workspace;
  args: Args;
  /** The arguments as they came, for methods that repeat them. */
  raw: Record<string, unknown>;
  token: string | undefined;
  headers: IncomingHttpHeaders;
};

type Definition<Args extends z.ZodType> = {
  /** Whose token it takes. */
  token: 'bot' | 'app' | 'none';
  /** One of these is needed; none where it is empty. Methods that depend on the conversation's kind ask in `run`. */
  scopes: readonly string[];
  tier: Tier;
  args: Args;
  run(call: Call<z.output<Args>>): Answer;
};

export type Method = Omit<Definition<z.ZodType>, 'run' | 'args'> & {
  /** Checks the arguments, then does what the method does. */
  answer(call: Omit<Call<unknown>, 'args'>): Answer;
};

export function method<Args extends z.ZodType>({ args, run, ...rest }: Definition<Args>): Method {
  return {
    ...rest,
    answer(call) {
      const parsed = args.safeParse(call.raw);
      if (!parsed.success) return explained('invalid_arguments', parsed.error.issues.map(problem));
      return run({ ...call, args: parsed.data });
    },
  };
}

function problem({ path, message, ...issue }: z.core.$ZodIssue): string {
  const pointer = path.join('/');
  if (issue.code === 'invalid_type' && issue.input === undefined) return `missing required field: ${pointer}`;
  return `${message} [json-pointer:/${pointer}]`;
}
