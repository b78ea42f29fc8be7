import * as api from './api.ts';
import { appDirect, firstUnread, hasApp, unreadIn, whatCame } from './news.ts';
import { APP, addressOf, HOME, isSamePlace, type Place, readPlace } from './place.ts';

/** Everything that the page shows, replaced as a whole whenever a part of it changes. */
export type Shown = {
  place: Place;
  people: api.Face[];
  screen?: api.Screen;
  /** How far the machine's clock was when the screen was read: the rehearsal clock goes on from there. */
  readAt: number;
  conversation?: api.Conversation;
  /** The first message that was unread when the conversation was opened. */
  newFrom?: string;
  thread?: api.Conversation;
  /** Unread messages by person, for everybody one can be. */
  unread: Record<string, number>;
  /** What the clock brought, until it is dismissed. */
  arrived?: api.Arrival[];
  moving: boolean;
  /** Something that went otherwise than asked. */
  notice?: string;
  /** For the live region: what has just come in. */
  said: string;
  connected: boolean;
};

export type Session = {
  get(): Shown;
  subscribe(listener: () => void): () => void;
  go(place: Partial<Place>): void;
  act(deed: api.Deed): Promise<api.Answer>;
  move(to: string): Promise<void>;
  startOver(): Promise<void>;
  noteTour(note: { done: string } | { dismissed: true }): Promise<void>;
  dismiss(what: 'notice' | 'arrived'): void;
  /** What is typed and not sent, by where it is typed. */
  draft(where: string): string;
  setDraft(where: string, text: string): void;
  /** Puts words into the composer of the conversation that is being opened. */
  type(text: string): void;
};

const OTHERS_EVERY_MS = 4_000;
export const isWide = (): boolean => matchMedia('(min-width: 700px)').matches;

export function openSession(): Session {
  let shown: Shown = {
    place: readPlace(location.hash) ?? { as: '' },
    people: [],
    readAt: Date.now(),
    unread: {},
    moving: false,
    said: '',
    connected: true,
  };
  const listeners = new Set<() => void>();
  const drafts = new Map<string, string>();
  let stopWatching = () => {};
  let toType: string | undefined;

  const set = (change: Partial<Shown>) => {
    shown = { ...shown, ...change };
    for (const listener of listeners) listener();
  };
  const complain = (error: unknown) =>
    set({ notice: error instanceof Error ? error.message : 'The rehearsal did not answer. Nothing was lost.' });

  // Reading: one at a time, and once more when something changed meanwhile.

  let wanted = false;
  let reading: Promise<void> | undefined;
  function refresh(): Promise<void> {
    wanted = true;
    reading ??= (async () => {
      while (wanted) {
        wanted = false;
        await load().catch(complain);
      }
      reading = undefined;
    })();
    return reading;
  }

  async function load(): Promise<void> {
    const { place } = shown;
    if (!place.as) return;
    const screen = await api.readScreen(place.as);
    const at = whereOf(place, screen);
    if (at !== place.at) {
      if (isSamePlace(place, shown.place)) replacePlace({ as: place.as, at });
      wanted = true;
      return;
    }
    const id = screen.conversations.some((row) => row.id === at) ? at : undefined;
    const [conversation, thread] = await Promise.all([
      id ? api.readConversation(place.as, id) : undefined,
      id && place.thread ? api.readConversation(place.as, id, place.thread) : undefined,
    ]);
    if (isSamePlace(place, shown.place)) show(screen, conversation, thread);
    else wanted = true;
  }

  function show(screen: api.Screen, conversation?: api.Conversation, thread?: api.Conversation): void {
    const { as } = shown.place;
    const row = screen.conversations.find(({ id }) => id === conversation?.id);
    const isNewPlace = shown.conversation?.id !== row?.id || shown.screen?.me.id !== as;
    const newFrom = isNewPlace ? firstUnread(conversation, as, row?.unread ?? 0) : shown.newFrom;
    const said = isNewPlace ? '' : whatCame(shown, screen, conversation);
    if (row && row.unread > 0 && document.visibilityState === 'visible') {
      row.unread = 0;
      api.markRead(as, row.id).catch(complain);
    }
    if (row && toType !== undefined) {
      drafts.set(draftKey(as, row.id), toType);
      toType = undefined;
    }
    const readAt = Date.now();
    const unread = { ...shown.unread, [as]: unreadIn(screen) };
    set({ screen, readAt, conversation, thread, newFrom, unread, ...(said && { said }) });
  }

  /** Where a person who has not chosen looks: on a phone the list, else the app, else any conversation. */
  function whereOf({ as, at }: Place, screen: api.Screen): string | undefined {
    const isHere = screen.conversations.some((row) => row.id === at);
    if (isHere || (hasApp(screen) && (at === HOME || at === APP))) return at;
    if (!isWide()) return undefined;
    const direct = appDirect(screen);
    if (direct && (direct.lastTs || direct.unread > 0)) return direct.id;
    return hasApp(screen) ? HOME : screen.conversations.find(({ members }) => members.includes(as))?.id;
  }

  async function readOthers(): Promise<void> {
    if (document.visibilityState !== 'visible' || shown.moving) return;
    const others = shown.people.filter((face) => face.selectable && face.id !== shown.place.as);
    const screens = await Promise.all(others.map((face) => api.readScreen(face.id)));
    const counts = screens.map((screen) => [screen.me.id, unreadIn(screen)]);
    const unread: Record<string, number> = { ...shown.unread, ...Object.fromEntries(counts) };
    if (JSON.stringify(unread) !== JSON.stringify(shown.unread)) set({ unread });
  }

  // Going

  function replacePlace(place: Place): void {
    history.replaceState(null, '', addressOf(place));
    arrive(place);
  }

  function arrive(place: Place): void {
    const before = shown.place;
    set({ place, ...(before.as !== place.as && { screen: undefined, conversation: undefined, thread: undefined }) });
    if (before.as !== place.as) watch(place.as);
    void open(place);
  }

  async function open(place: Place): Promise<void> {
    if (place.at === HOME) await api.act(place.as, { do: 'home' }).catch(complain);
    if (place.at === APP) {
      const screen = shown.screen?.me.id === place.as ? shown.screen : await api.readScreen(place.as);
      const { id } = await api.act(place.as, { do: 'openDm', with: [screen.app.botUserId] });
      if (id && isSamePlace(place, shown.place)) return replacePlace({ as: place.as, at: id });
    }
    await refresh();
  }

  function watch(as: string): void {
    stopWatching();
    stopWatching = api.watchChanges(
      as,
      (change) => {
        if (change?.kind === 'reset') void beginAnew();
        else void refresh();
      },
      (connected) => {
        if (connected !== shown.connected) set({ connected });
      },
    );
  }

  async function beginAnew(): Promise<void> {
    drafts.clear();
    set({ arrived: undefined, notice: undefined, unread: {}, conversation: undefined, thread: undefined });
    replacePlace({ as: shown.place.as });
  }

  async function begin(): Promise<void> {
    const people = await api.readPeople();
    set({ people });
    const known = people.find((face) => face.selectable && face.id === shown.place.as);
    const first = known ?? people.find((face) => face.selectable);
    if (!first) return;
    watch(first.id);
    if (known) void open(shown.place);
    else replacePlace({ as: first.id });
    await readOthers();
  }

  addEventListener('hashchange', () => {
    const place = readPlace(location.hash);
    if (place && !isSamePlace(place, shown.place)) arrive(place);
  });
  document.addEventListener('visibilitychange', () => void refresh());
  setInterval(() => void readOthers().catch(() => {}), OTHERS_EVERY_MS);
  begin().catch(complain);

  return {
    get: () => shown,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    go(change) {
      const place = { ...shown.place, thread: undefined, ...change };
      if (!isSamePlace(place, shown.place)) location.hash = addressOf(place);
    },
    async act(deed) {
      const { as } = shown.place;
      const answer = await api.act(as, deed).catch(
        (): api.Answer => ({
          ok: false,
          hint: 'The rehearsal did not answer. Nothing was done; what you typed is still here.',
        }),
      );
      // A command's failure is told by Slackbot, and a modal tells its own.
      const isToldThere = deed.do === 'command' || answer.modal || shown.screen?.modal;
      const words = answer.hint ?? (isToldThere ? undefined : answer.notice);
      set({ notice: answer.ok || shown.screen?.modal ? undefined : words });
      if (answer.modal !== undefined && shown.screen && shown.place.as === as)
        set({ screen: { ...shown.screen, modal: answer.modal } });
      await refresh();
      void readOthers().catch(() => {});
      return answer;
    },
    async move(to) {
      if (shown.moving) return;
      set({ moving: true, arrived: undefined });
      try {
        const { arrived, settled } = await api.moveClock(shown.place.as, to);
        await refresh();
        set({
          moving: false,
          arrived,
          ...(settled === false && { notice: 'Accord is still working. What is due will arrive as it gets there.' }),
        });
      } catch (error) {
        set({ moving: false });
        complain(error);
      }
      void readOthers().catch(() => {});
    },
    async startOver() {
      await api.startOver().catch(complain);
      await beginAnew();
    },
    async noteTour(note) {
      await api.noteTour(note).catch(complain);
      await refresh();
    },
    dismiss: (what) => set({ [what]: undefined }),
    draft: (where) => drafts.get(where) ?? '',
    setDraft(where, text) {
      drafts.set(where, text);
      set({});
    },
    type(text) {
      toType = text;
      void refresh();
    },
  };
}

/** Where something is typed: as whom, in which conversation, and in which thread of it. */
export const draftKey = (as: string, conversationId: string, thread?: string): string =>
  [as, conversationId, thread].join('/');
