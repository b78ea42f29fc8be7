import { z } from 'zod';
import { accessory, actionElement, imageElement, inputElement, modalInputElement } from './elements.ts';
import { anyText, imageHasOneSource, imageParts, mrkdwn, plainText, rule, upTo, words } from './objects.ts';

/** Which blocks each surface takes, with Slack's limits. Kinds that are not listed are refused, as by an older Slack. */

const named = { block_id: words(255).optional() };

const section = z
  .strictObject({
    type: z.literal('section'),
    ...named,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .check(
    rule((block, complain) => {
      if (!block.text && !block.fields) complain('must define either `text` or `fields`', ['type']);
    }),
  );
const header = z.strictObject({ type: z.literal('header'), ...named, text: plainText(150) });
const divider = z.strictObject({ type: z.literal('divider'), ...named });
const contextElement = z.discriminatedUnion('type', [imageElement, plainText(3000), mrkdwn(3000)]);
const context = z.strictObject({
  type: z.literal('context'),
  ...named,
  elements: z.array(contextElement).min(1).max(10),
});
const actions = z.strictObject({
  type: z.literal('actions'),
  ...named,
  elements: z.array(actionElement).min(1).max(25),
});
const image = z.strictObject({ ...imageParts, ...named, title: plainText(2000).optional() }).check(imageHasOneSource);
const inputParts = {
  type: z.literal('input'),
  ...named,
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
};
const input = z.strictObject({ ...inputParts, element: inputElement });
const modalInput = z.strictObject({ ...inputParts, element: modalInputElement });

const richTextPart = z.looseObject({
  type: z.enum(['rich_text_section', 'rich_text_list', 'rich_text_preformatted', 'rich_text_quote']),
  elements: z.array(z.looseObject({ type: words(50) })),
});
const richText = z.strictObject({ type: z.literal('rich_text'), ...named, elements: z.array(richTextPart).min(1) });

const markdown = z.strictObject({ type: z.literal('markdown'), ...named, text: words(12_000) });
const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: words(3000) }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: words(3000) }),
  richText,
]);
const table = z.strictObject({
  type: z.literal('table'),
  ...named,
  rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  column_settings: z
    .array(
      z.strictObject({ align: z.enum(['left', 'center', 'right']).optional(), is_wrapped: z.boolean().optional() }),
    )
    .max(20)
    .optional(),
});

const everywhere = [section, header, divider, context, actions, image, richText] as const;

export const messageBlocks = z.array(z.discriminatedUnion('type', [...everywhere, input, markdown, table])).max(50);
const modalBlocks = z
  .array(z.discriminatedUnion('type', [...everywhere, modalInput]))
  .min(1)
  .max(100);
const homeBlocks = z
  .array(z.discriminatedUnion('type', [...everywhere, input]))
  .min(1)
  .max(100);

const viewParts = {
  private_metadata: upTo(3000).optional(),
  callback_id: upTo(255).optional(),
  external_id: upTo(255).optional(),
};
const modal = z
  .strictObject({
    type: z.literal('modal'),
    ...viewParts,
    title: plainText(24),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    submit_disabled: z.boolean().optional(),
    blocks: modalBlocks,
  })
  .check(
    rule((view, complain) => {
      const at = view.blocks.findIndex((block) => block.type === 'input');
      if (at >= 0 && !view.submit)
        complain('must define `submit` to use an `input` block in modals', ['blocks', at, 'input']);
    }),
  );
const home = z.strictObject({ type: z.literal('home'), ...viewParts, blocks: homeBlocks });

export const viewShape = z.discriminatedUnion('type', [modal, home]);
