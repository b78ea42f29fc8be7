import type { ModalView } from '@slack/types';
import { CARRIES, elementsOf, isJson, optionsOf, type Placed } from '../../src/rehearsal/act/elements.ts';
import type { Answer } from '../../src/rehearsal/act/outcome.ts';
import { canSeeMessage } from '../../src/rehearsal/conversations.ts';
import type { Random } from './random.ts';
import type { Rig } from './rig.ts';

/** Who wrote what: each text that somebody types is marked so that it is known wherever it turns up. */
export type Written = Map<string, string>;
export const MARK = /zq\d+x/g;

/** What somebody can press right now, wherever it stands. */
type Pressable = { placed: Placed; where: { in: string; ts: string } | { view: string } };

/**
 * Somebody who uses whatever Slack shows them: presses any button, fills in any form with something, gives up now and
 * then. Knows nothing of the product but its screens and the words of its commands.
 */
export function monkey(rig: Rig, random: Random, written: Written) {
  const { workspace } = rig.rehearsal;
  const personOf = (id: string) => {
    const person = workspace.state.people[id];
    if (!person) throw new Error(`Nobody is ${id}`);
    return person;
  };

  function text(
    by: string,
    words = random.pick(['yard signs', 'two comps', 'vendor introduction', 'open house']),
  ): string {
    const mark = `zq${written.size + 1}x`;
    written.set(mark, by);
    return `${words} ${mark}`;
  }

  function pressables(as: string): Pressable[] {
    const found: Pressable[] = [];
    for (const { id, members, messages } of Object.values(workspace.state.conversations)) {
      if (!members.includes(as)) continue;
      const shown = messages.filter((message) => canSeeMessage(message, as)).slice(-7);
      for (const message of shown)
        for (const placed of elementsOf(message.blocks)) found.push({ placed, where: { in: id, ts: message.ts } });
    }
    const home = workspace.state.homes[as];
    for (const placed of elementsOf(home?.view.blocks)) if (home) found.push({ placed, where: { view: home.id } });
    return found.filter(({ placed }) => typeof placed.element.url !== 'string');
  }

  /** Undefined leaves what the form was filled in with. */
  function valueFor(as: string, { element, block }: Placed): unknown {
    const isOptional = block.optional === true;
    const hasInitial = Object.keys(element).some((key) => key.startsWith('initial_'));
    if (hasInitial && random.chance(0.7)) return undefined;
    if (isOptional && random.chance(0.6)) return undefined;
    const zone = personOf(as).zone;
    const today = rig.time.now.toZonedDateTimeISO(zone).toPlainDate();
    switch (element.type) {
      case 'plain_text_input':
        return text(as);
      case 'number_input':
        return String(random.whole(Number(element.min_value ?? 1), Number(element.max_value ?? 4)));
      case 'datepicker':
        return today.add({ days: random.whole(0, 20) }).toString();
      case 'timepicker':
        return `${String(random.whole(8, 17)).padStart(2, '0')}:${random.pick(['00', '30'])}`;
      case 'datetimepicker':
        return Math.floor(rig.time.now.add({ hours: random.whole(-2, 300) }).epochMilliseconds / 1000);
      case 'users_select':
        return random.pick(['U0DANA0001', 'U0ANA00001', 'U0MARCUS01', 'U0MIA00001']);
      case 'channels_select':
      case 'conversations_select':
        return 'C0PROMISES';
      default:
        return chosen(element);
    }
  }

  function chosen(element: Placed['element']): unknown {
    const options = optionsOf(element);
    if (options.length === 0) return undefined;
    if (CARRIES[element.type]?.endsWith('s')) return random.chance(0.5) ? [random.pick(options)] : undefined;
    return random.pick(options);
  }

  /** Fills in the form that is open, in so many tries, and closes it if it is still there. */
  async function fillIn(as: string, answer: Answer, tries = 2): Promise<Answer> {
    let last = answer;
    for (let n = 0; n < tries && last.modal; n++) {
      const { view } = last.modal;
      if (view.type !== 'modal' || !view.submit || random.chance(0.08)) break;
      last = await rig.does(as, { do: 'submit', values: valuesFor(as, view) });
    }
    for (let n = 0; n < 3 && last.modal; n++) last = await rig.does(as, { do: 'close' });
    return last;
  }

  function valuesFor(as: string, { blocks, callback_id }: ModalView): Record<string, Record<string, unknown>> {
    // What the firm calls its people is everybody's.
    const isSettings = callback_id?.startsWith('setup:') ?? false;
    const values: Record<string, Record<string, unknown>> = {};
    for (const placed of elementsOf(blocks)) {
      if (placed.block.type !== 'input') continue;
      const isWord = isSettings && placed.element.type === 'plain_text_input';
      const value = isWord ? random.pick(['agent', 'producer']) : valueFor(as, placed);
      if (value !== undefined) values[placed.block.block_id] = { [placed.element.action_id]: value };
    }
    return values;
  }

  return {
    text,
    fillIn,
    /** Presses something, and deals with the form that opens. */
    async presses(as: string): Promise<string> {
      const all = pressables(as);
      if (all.length === 0) return 'finds nothing to press';
      const { placed, where } = random.pick(all);
      const { element, block } = placed;
      const value = element.type === 'button' ? undefined : valueFor(as, placed);
      const answer = await rig.does(as, {
        do: 'click',
        ...where,
        actionId: element.action_id,
        blockId: block.block_id,
        ...(value !== undefined && { value }),
      });
      await fillIn(as, answer);
      const label = isJson(element.text) ? String(element.text.text) : element.type;
      const choice = isJson(value) && isJson(value.text) ? ` ${String(value.text.text)}` : '';
      return `presses ${label}${choice} (${element.action_id}): ${outcomeOf(answer)}`;
    },
    /** Opens the rhythm with somebody and presses one of the buttons that decide what becomes of the pair. */
    async parts(as: string, other: string): Promise<string> {
      const opened = await rig.does(as, { do: 'command', text: `/accord cadence ${other}` });
      if (!opened.modal) return `looks for a rhythm with ${other}: ${outcomeOf(opened)}`;
      const actionId = random.pick(['cadence:end', 'cadence:hand-over', 'cadence:hand-over']);
      const pressed = await rig.does(as, { do: 'click', view: opened.modal.id, actionId });
      const answer = await fillIn(as, pressed);
      return `presses ${actionId} with ${other}: ${outcomeOf(answer)}`;
    },
    async types(as: string, line: string): Promise<string> {
      const answer = await rig.does(as, { do: 'command', text: line });
      await fillIn(as, answer);
      return `types ${line}: ${outcomeOf(answer)}`;
    },
  };
}

const outcomeOf = (answer: Answer): string =>
  'answer' in answer && answer.answer
    ? answer.answer.text.slice(0, 60)
    : 'hint' in answer
      ? answer.hint
      : answer.status;
