import type { KnownBlock, View } from '@slack/types';

type OpenModal = { id: string; view: View; errors?: Record<string, string> };

/** What came of something that a person did. */
export type Answer = {
  ok: boolean;
  status: string;
  /** What the app said in return, for this person alone. */
  answer?: { text: string; blocks?: KnownBlock[] };
  /** Under which field of the form, by its id. */
  errors?: Record<string, string>;
  modal: OpenModal | null;
  notice?: string;
};

/** What a form holds, by its visible labels. */
export type Fields = Record<string, string | string[]>;
export type Where = { in?: string; row?: string; stale?: boolean };

/** Somebody of the rehearsal workspace, acting as through Slack's own screens. Each act waits until the bot is settled. */
export type Persona = {
  id: string;
  /** A slash command, as typed: `/accord with @ana`. */
  types(text: string, where?: { in?: string }): Promise<Answer>;
  /** The newest button with this label, in `row`'s row where several have it. */
  clicks(label: string, where?: Where): Promise<Answer>;
  /** The modal that is open now, which must have this title; fields by label. */
  submits(title: string, fields: Fields): Promise<Answer>;
  uses(shortcut: string, on?: { in: string; ts: string }): Promise<Answer>;
  writes(channel: string, text: string): Promise<Answer>;
  opensHome(): Promise<Answer>;
  /** Everything in sight as plain text, or one conversation. */
  sees(conversation?: string): Promise<string>;
  modal(): Promise<OpenModal | null>;
  act(what: Record<string, unknown>): Promise<Answer>;
};

export function persona(
  id: string,
  control: (path: string, body?: unknown) => Promise<unknown>,
  settles: () => Promise<void>,
): Persona {
  const act = async (what: Record<string, unknown>): Promise<Answer> => {
    const answer = (await control('act', { as: id, ...what })) as Answer;
    await settles();
    return answer;
  };
  const modal = async () => ((await control(`screen?as=${id}`)) as { modal: OpenModal | null }).modal;
  return {
    id,
    act,
    modal,
    types: (text, where) => act({ do: 'command', text, ...where }),
    clicks: (label, where) => act({ do: 'click', button: label, ...where }),
    async submits(title, fields) {
      const open = await modal();
      const shown = open?.view.type === 'modal' ? open.view.title.text : undefined;
      if (shown !== title) throw new Error(`The open form is ${shown ?? 'none'}, not ${title}`);
      return act({ do: 'submit', fields });
    },
    uses: (shortcut, on) => act({ do: 'shortcut', name: shortcut, ...on }),
    writes: (channel, text) => act({ do: 'message', in: channel, text }),
    opensHome: () => act({ do: 'home' }),
    sees: async (conversation) => {
      const where = conversation ? `&in=${encodeURIComponent(conversation)}` : '';
      return String(await control(`sees?as=${id}${where}`));
    },
  };
}
