import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Workspace } from './workspace.ts';

export type Said = { status?: number; body: unknown };
/** Nothing, when the route answered by itself. */
export type Answering = Said | undefined | Promise<Said | undefined>;
type Call<Input> = { workspace: Workspace; input: Input; request: IncomingMessage; response: ServerResponse };
type Definition<Input extends z.ZodType> = {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below /rehearsal. */
  path: string;
  about: string;
  /** What follows `curl` in a line that works in the workspace as it is seeded; `$URL` stands for its address. */
  example: string;
  input: Input;
  run(call: Call<z.output<Input>>): Answering;
};
export type ControlRoute = Omit<Definition<z.ZodType>, 'run' | 'input'> & {
  /** Checks what was given, then does what the route does. */
  answer(call: Call<unknown>): Answering;
};

export function controlRoute<Input extends z.ZodType>({ run, input, ...rest }: Definition<Input>): ControlRoute {
  return {
    ...rest,
    answer(call) {
      const parsed = input.safeParse(call.input);
      return parsed.success ? run({ ...call, input: parsed.data }) : invalid(rest.example, parsed.error);
    },
  };
}

export const said = (body: unknown, status?: number): Said => ({ status, body });
export const no = (status: number, error: string, hint: string): Said => said({ error, hint }, status);

/** Which field is wrong and how, with a line that would be right. */
function invalid(example: string, problem: z.ZodError): Said {
  const lines = z
    .prettifyError(problem)
    .replaceAll('✖ ', '')
    .replaceAll(/\n\s+→ /g, ' ')
    .split('\n');
  const wrong = [...new Set(lines)].slice(0, 6).join('; ');
  return no(400, 'invalid_arguments', `${wrong}. One that works: curl ${example}`);
}
