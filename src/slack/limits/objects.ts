import { z } from 'zod';

/**
 * Composition objects. Lengths are counted in JavaScript's units (UTF-16), where an emoji counts two: never fewer than
 * the characters that Slack counts, so what passes here passes there. Blank text counts as empty.
 */
export const upTo = (max: number) => z.string().refine(...fits(max));
export const words = (max: number) =>
  z
    .string()
    .regex(/\S/)
    .refine(...fits(max));
export const link = z.url().refine(...fits(3000));

/** Our own measure: zod's `max` counts code points, an emoji as one. */
function fits(max: number): [(text: string) => boolean, string] {
  return [(text) => text.length <= max, `must be less than ${max + 1} characters`];
}

export const plainText = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: words(max), emoji: z.boolean().optional() });

export const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: words(max), verbatim: z.boolean().optional() });

export const anyText = (max: number) => z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);

export const confirmDialog = z.strictObject({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(['primary', 'danger']).optional(),
});

const optionParts = { value: words(75), description: plainText(75).optional() };
export const menuOption = z.strictObject({ ...optionParts, text: plainText(75) });
export const overflowOption = z.strictObject({
  ...optionParts,
  text: plainText(75),
  url: link.optional(),
});
export const tickOption = z.strictObject({
  ...optionParts,
  text: anyText(75),
  description: anyText(75).optional(),
});
export const optionGroup = z.strictObject({ label: plainText(75), options: z.array(menuOption).min(1).max(100) });

export const imageParts = {
  type: z.literal('image'),
  alt_text: words(2000),
  image_url: link.optional(),
  slack_file: z.union([z.strictObject({ id: words(255) }), z.strictObject({ url: link })]).optional(),
};

/** A problem found by a rule that spans several properties, worded as Slack words it. */
export type Complain = (message: string, path?: (string | number)[]) => void;

/** A rule over the whole object; it runs once the shape is right. */
export const rule =
  <T>(judge: (value: T, complain: Complain) => void) =>
  (context: { value: T; issues: unknown[] }): void => {
    judge(context.value, (message, path = []) => {
      context.issues.push({ code: 'custom', message, path, input: context.value });
    });
  };

export const imageHasOneSource = rule<{ image_url?: unknown; slack_file?: unknown }>((image, complain) => {
  if ((image.image_url === undefined) === (image.slack_file === undefined))
    complain('must define either `image_url` or `slack_file`');
});
