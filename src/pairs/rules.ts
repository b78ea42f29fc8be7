import { done, type Outcome, refuse } from '../ground/outcome.ts';

export type Role = 'leader' | 'partner';
export type Side = 'partner' | 'firm';

/** Whoever acts, as far as permission goes. */
export type Actor = { id: string; name: string; kind: 'member' | 'guest' | 'bot' | 'foreign'; active: boolean };

/** What is acted on: a pair, or something of it that may also belong to a third person. */
export type Thing = {
  leaderId: string;
  partnerId: string;
  /** Of a commitment. */
  ownerId?: string;
  /** A colleague asked to own a commitment. */
  askedOwnerId?: string | null;
  /** Who has to answer: a proposal's addressee, the one who did not write a recap, the side a promise was made to. */
  addresseeId?: string;
  /** Who made it: a proposal, an ask, an agenda item, a recap. */
  authorId?: string;
};

type Standing = {
  role: Role | undefined;
  isOwner: boolean;
  isAskedOwner: boolean;
  isAddressee: boolean;
  isAuthor: boolean;
};

/**
 * Who may do what on what. Asked by every listener, again when a form comes back, and again when a message is sent.
 * Being an admin of the Slack workspace gives nothing here.
 */
const table = {
  'see pair': (who) => who.role !== undefined,
  // Whoever has left a pair takes along what they wrote in it.
  'export pair': (who) => who.role !== undefined || who.isAuthor,
  'answer proposal': (who) => who.role !== undefined && who.isAddressee,
  'withdraw proposal': (who) => who.role !== undefined && who.isAuthor,
  'reopen cadence': (who) => who.role !== undefined,
  'keep cadence': (who) => who.role !== undefined,
  'end pair': (who) => who.role !== undefined,
  'hand over': (who) => who.role === 'leader',
  'answer hand-over': (who) => who.isAddressee,
  'answer prep': (who) => who.role === 'partner',
  'see prep': (who) => who.role !== undefined,
  'see brief': (who) => who.role === 'leader',
  'move meeting': (who) => who.role !== undefined,
  'skip meeting': (who) => who.role !== undefined,
  'add to agenda': (who) => who.role !== undefined,
  'remove from agenda': (who) => who.role !== undefined,
  'write recap': (who) => who.role !== undefined,
  'confirm recap': (who) => who.role !== undefined && !who.isAuthor,
  'correct recap': (who) => who.role !== undefined,
  promise: (who) => who.role !== undefined,
  ask: (who) => who.role !== undefined,
  'see commitment': (who) => who.role !== undefined || who.isOwner || who.isAskedOwner,
  'answer ask': (who) => who.isOwner,
  'answer ownership': (who) => who.isAskedOwner,
  'take ask back': (who) => who.role !== undefined && who.isAuthor,
  'finish commitment': (who) => who.isOwner,
  'move commitment': (who) => who.isOwner,
  'withdraw commitment': (who) => who.isOwner,
  'agree to change': (who) => who.role !== undefined && who.isAddressee,
  'say not yet': (who) => who.role !== undefined && who.isAddressee,
  'undo own change': (who) => who.role !== undefined || who.isOwner || who.isAskedOwner,
  'name colleague': (who) => who.role === 'leader',
  'keep out of digest': (who) => who.role !== undefined || who.isOwner,
  'put in digest': (who) => who.role !== undefined || who.isOwner,
  'reword for digest': (who) => who.role !== undefined,
} satisfies Record<string, (who: Standing) => boolean>;

export type Verb = keyof typeof table;

export function may(actor: Actor, verb: Verb, thing: Thing): boolean {
  if (!isSomebody(actor)) return false;
  return table[verb]({
    role: roleOf(actor.id, thing),
    isOwner: thing.ownerId === actor.id,
    isAskedOwner: thing.askedOwnerId === actor.id,
    isAddressee: thing.addresseeId === actor.id,
    isAuthor: thing.authorId === actor.id,
  });
}

/** People of other firms, bots and deactivated accounts are nobody here. */
export const isSomebody = (actor: Actor): boolean =>
  actor.active && (actor.kind === 'member' || actor.kind === 'guest');

/** Only a full member starts a pair, and with that speaks for the firm; a guest can be a partner and nothing else. */
export const mayLead = (actor: Actor): boolean => actor.active && actor.kind === 'member';

export const roleOf = (personId: string, pair: Pick<Thing, 'leaderId' | 'partnerId'>): Role | undefined =>
  personId === pair.leaderId ? 'leader' : personId === pair.partnerId ? 'partner' : undefined;

export const otherOf = (personId: string, pair: Pick<Thing, 'leaderId' | 'partnerId'>): string =>
  personId === pair.leaderId ? pair.partnerId : pair.leaderId;

/** The side that a person's own promise stands on. */
export const sideOf = (role: Role): Side => (role === 'leader' ? 'firm' : 'partner');

/** Whether these two may become a pair, with what to say when not. */
export function canPair(leader: Actor, partner: Actor | undefined): Outcome<Actor> {
  if (!mayLead(leader)) return refuse('Only full members of this workspace can start a one-on-one here.');
  if (!partner || !isSomebody(partner)) {
    const name = partner?.name ?? 'That person';
    return refuse(`${name} has no active account in this workspace. Name somebody who does.`);
  }
  if (partner.id === leader.id) return refuse('A one-on-one takes two. Name the other person: `/accord with @name`.');
  return done(partner);
}

/** Whether a pair may be handed to this person, with what to say when not. */
export function canLead(pair: Pick<Thing, 'leaderId' | 'partnerId'>, successor: Actor | undefined): Outcome<Actor> {
  if (!successor || !mayLead(successor))
    return refuse('They have no full account in this workspace. Name somebody who does.');
  if (successor.id === pair.leaderId) return refuse('You lead it already. Name somebody else.');
  if (successor.id === pair.partnerId) return refuse('It takes two. Name somebody else of the firm.');
  return done(successor);
}
