import type { z } from 'zod';

/** One problem as Slack lists it in `response_metadata.messages`. */
export const problem = (message: string, pointer: string): string => `[ERROR] ${message} [json-pointer:${pointer}]`;

const pointerOf = (root: string, path: PropertyKey[]): string => [root, ...path.map(String)].join('/');

function valueAt(root: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    root,
  );
}

const tooMany = (issue: z.core.$ZodIssueTooBig): string =>
  issue.origin === 'array'
    ? `no more than ${issue.maximum} items allowed`
    : `must be less than ${Number(issue.maximum) + 1}`;

const tooFew = (issue: z.core.$ZodIssueTooSmall): string =>
  issue.origin === 'array'
    ? `no less than ${issue.minimum} items allowed`
    : `must be more than ${Number(issue.minimum) - 1}`;

function wrongFormat(issue: z.core.$ZodIssue): string {
  if ('format' in issue && issue.format === 'url') return 'must be a valid URL';
  return issue.message.startsWith('must') ? issue.message : 'must be more than 0 characters';
}

function sentence(issue: z.core.$ZodIssue, found: unknown): string {
  switch (issue.code) {
    case 'too_big':
      return tooMany(issue);
    case 'too_small':
      return tooFew(issue);
    case 'invalid_type':
      return `must provide ${article(issue.expected)}`;
    case 'invalid_value':
      return 'must be a valid enum value';
    case 'invalid_format':
      return wrongFormat(issue);
    case 'custom':
      return issue.message;
    case 'invalid_union':
      return issue.path.at(-1) === 'type'
        ? `unsupported type: ${String(found)}`
        : 'failed to match all allowed schemas';
    default:
      return 'failed to match all allowed schemas';
  }
}

/** Words what the schema found as Slack does; `root` is the pointer of `value` ("/view", or "/blocks"). */
export function wordProblems(issues: z.core.$ZodIssue[], value: unknown, root: string): string[] {
  return issues.flatMap((issue): string[] => {
    const at = pointerOf(root, issue.path);
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => problem(`invalid additional property: ${key}`, at));
    const found = valueAt(value, issue.path);
    if (found === undefined && issue.code !== 'custom' && issue.path.length > 0)
      return [
        problem(`missing required field: ${String(issue.path.at(-1))}`, pointerOf(root, issue.path.slice(0, -1))),
      ];
    return [problem(sentence(issue, found), at)];
  });
}

const article = (kind: string): string => (/^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`);
