import { describe, expect, test } from '@jest/globals';
import type { Asking, StoredEvent } from '../../src/commitments/change.ts';
import { type CommitmentEvent, type Facts, fold, recorded } from '../../src/commitments/facts.ts';
import { ownerLeft, settle, slip } from '../../src/commitments/in-time.ts';
import { type Act, apply, type Draft, write } from '../../src/commitments/rules.ts';

const pair = { leaderId: 'DANA', partnerId: 'ANA' };
const day = (text: string) => Temporal.PlainDate.from(`2026-03-${text}`);
const at = (text: string) => Temporal.Instant.from(`2026-03-${text}:00Z`);

/** A commitment with its events, in a firm where everybody lives in UTC. */
class Ledger {
  facts: Facts;
  events: StoredEvent[] = [];
  gone = false;

  constructor(by: string, when: string, draft: Partial<Draft> = {}) {
    const written = write(
      { side: 'firm', act: 'promise', dueOn: day('12'), priority: 'now', digestLine: null, ...draft },
      pair,
      asking(by, when),
    );
    if (!written.ok) throw new Error(written.why);
    this.facts = written.value.facts;
    this.#keep(written.value.events);
  }

  #keep(events: CommitmentEvent[]) {
    for (const event of events) this.events.unshift({ ...event, id: `e${this.events.length}` });
  }

  /** The refusal, or undefined when it was done. */
  act(by: string, when: string, act: Act): string | undefined {
    const outcome = apply({ ...pair, ...this.facts }, act, asking(by, when));
    if (!outcome.ok) return outcome.why;
    this.#take(outcome.value);
    return undefined;
  }

  undo(by: string, when: string, event = this.events[0]?.id ?? ''): string | undefined {
    return this.act(by, when, { act: 'undo', eventId: event, history: this.events });
  }

  midnight(when: string) {
    this.#take(settle({ ...pair, ...this.facts }, asking('', when)));
  }

  meetingHeld(when: string) {
    this.#take(slip({ ...pair, ...this.facts }, asking('', when)));
  }

  left(personId: string, when: string) {
    this.#take(ownerLeft({ ...pair, ...this.facts }, personId, asking('', when)));
  }

  #take(change: ReturnType<typeof settle> | { gone: true }) {
    if (change.gone) {
      this.gone = true;
      return;
    }
    this.facts = change.facts;
    this.#keep(change.events);
  }

  get verbs() {
    return this.events.map((event) => event.verb).reverse();
  }
}

const asking = (by: string, when: string): Asking => ({
  by,
  now: at(when),
  today: at(when).toZonedDateTimeISO('UTC').toPlainDate(),
});

const firmPromise = (draft: Partial<Draft> = {}) => new Ledger('DANA', '02T09:00', draft);
const askOfAna = (dueOn = day('12')) => new Ledger('DANA', '02T09:00', { side: 'partner', act: 'ask', dueOn });
const askOfDana = () => new Ledger('ANA', '02T09:00', { act: 'ask' });
const later = (to: string, reason = 'the printer is late'): Act => ({ act: 'move', to: day(to), reason });

describe('writing', () => {
  test('a promise of one’s own is open at once, and its events say all of it', () => {
    const one = firmPromise();
    expect(one.facts).toMatchObject({ state: 'open', side: 'firm', ownerId: 'DANA', askedBy: null });
    expect(recorded(fold(one.events))).toEqual(recorded(one.facts));
  });

  test('nobody is assigned a commitment: on the other side it is an ask', () => {
    expect(askOfAna().facts).toMatchObject({ state: 'asked', side: 'partner', ownerId: 'ANA', askedBy: 'DANA' });
    const forced = write(
      { side: 'partner', act: 'promise', dueOn: day('12'), priority: 'now', digestLine: null },
      pair,
      asking('DANA', '02T09:00'),
    );
    expect(forced.ok).toBe(false);
  });

  test('a day that has passed is refused at its field', () => {
    const late = write(
      { side: 'firm', act: 'promise', dueOn: day('01'), priority: 'now', digestLine: null },
      pair,
      asking('DANA', '02T09:00'),
    );
    expect(late).toEqual({ ok: false, field: 'dueOn', why: 'That day has passed. Pick a day from today on.' });
  });
});

describe('an ask', () => {
  test('opens when its owner accepts, and nobody else can', () => {
    const one = askOfAna();
    expect(one.act('DANA', '03T09:00', { act: 'accept' })).toBe('That is for somebody else to say.');
    expect(one.act('ANA', '03T09:00', { act: 'accept' })).toBeUndefined();
    expect(one.facts.state).toBe('open');
    expect(one.act('ANA', '03T09:00', { act: 'accept' })).toBe('It is open.');
  });

  test('is declined for good; the firm’s decline carries a line', () => {
    const one = askOfDana();
    expect(one.act('DANA', '03T09:00', { act: 'decline', line: ' ' })).toBe(
      'Say in a line why the firm will not do it.',
    );
    expect(one.act('DANA', '03T09:00', { act: 'decline', line: 'No budget this quarter' })).toBeUndefined();
    expect(one.events[0]).toMatchObject({ verb: 'declined', reason: 'No budget this quarter' });
    expect(one.act('DANA', '03T09:01', { act: 'accept' })).toBe('It was declined, and that is final.');
    expect(askOfAna().act('ANA', '03T09:00', { act: 'decline' })).toBeUndefined();
  });

  test('lapses with the end of its day, and accepting late asks for a new day', () => {
    const one = askOfAna();
    one.midnight('13T00:00');
    expect(one.facts.state).toBe('lapsed');
    expect(one.act('ANA', '13T08:00', { act: 'decline' })).toBe('Its day has passed, so it has lapsed by itself.');
    expect(one.act('ANA', '13T08:00', { act: 'accept' })).toBe('Its day has passed. Give it a new day to accept it.');
    expect(one.act('ANA', '13T08:00', { act: 'accept', dueOn: day('20') })).toBeUndefined();
    expect(one.facts).toMatchObject({ state: 'open', firstUnkeptOn: null, moves: 0 });
    expect(one.facts.dueOn.toString()).toBe('2026-03-20');
  });

  test('cannot be accepted as it stood after its day, also when the tick is late', () => {
    const one = askOfAna();
    expect(one.act('ANA', '13T00:00', { act: 'accept' })).toBe('Its day has passed. Give it a new day to accept it.');
  });

  test('is taken back without a trace until it is answered', () => {
    const one = askOfAna();
    expect(one.act('ANA', '02T09:30', { act: 'take back' })).toBe('That is for somebody else to say.');
    expect(one.act('DANA', '05T09:30', { act: 'take back' })).toBeUndefined();
    expect(one.gone).toBe(true);
    const answered = askOfAna();
    answered.act('ANA', '03T09:00', { act: 'accept' });
    expect(answered.act('DANA', '03T09:30', { act: 'take back' })).toBe('It has been answered, so it stays.');
  });
});

describe('a new date', () => {
  test('the first, in time and with a reason, is no miss', () => {
    const one = firmPromise();
    expect(one.act('DANA', '12T23:59', later('16', ' '))).toBe('Say in a few words why.');
    expect(one.act('DANA', '12T23:59', later('16'))).toBeUndefined();
    one.midnight('13T00:00');
    expect(one.facts).toMatchObject({ state: 'open', firstUnkeptOn: null, moves: 1 });
    expect(one.facts.dueOn.toString()).toBe('2026-03-16');
  });

  test('a further one waits for the other side, and without it the promise falls due as it stood', () => {
    const one = firmPromise();
    one.act('DANA', '10T09:00', later('16'));
    one.act('DANA', '15T09:00', later('20'));
    expect(one.facts.dueOn.toString()).toBe('2026-03-16');
    expect(one.facts.wantedDueOn?.toString()).toBe('2026-03-20');
    expect(one.act('DANA', '15T10:00', { act: 'agree' })).toBe('That is for somebody else to say.');
    one.midnight('17T00:00');
    expect(one.facts.firstUnkeptOn?.toString()).toBe('2026-03-16');
    expect(one.act('ANA', '17T00:00', { act: 'agree' })).toBe(
      'Its day ended before you agreed, so it fell due as it stood.',
    );
  });

  test('agreed to in time, a further one is no miss either', () => {
    const one = firmPromise();
    one.act('DANA', '10T09:00', later('16'));
    one.act('DANA', '15T09:00', later('20'));
    expect(one.act('ANA', '16T23:59', { act: 'agree' })).toBeUndefined();
    expect(one.facts).toMatchObject({ firstUnkeptOn: null, moves: 2, wantedDueOn: null });
    expect(one.facts.dueOn.toString()).toBe('2026-03-20');
  });

  test('after the day has ended it is one miss, dated by the first day that passed', () => {
    const one = firmPromise();
    expect(one.act('DANA', '13T00:00', later('16'))).toBeUndefined();
    one.midnight('17T00:00');
    expect(one.act('DANA', '17T09:00', later('25'))).toBeUndefined();
    expect(one.facts.firstUnkeptOn?.toString()).toBe('2026-03-12');
    expect(one.act('DANA', '20T09:00', { act: 'done' })).toBeUndefined();
    expect(one.facts).toMatchObject({ state: 'kept' });
    expect(one.facts.firstUnkeptOn?.toString()).toBe('2026-03-12');
  });

  test('undone, it gives the free one back', () => {
    const one = firmPromise();
    one.act('DANA', '10T09:00', later('16'));
    expect(one.undo('DANA', '10T09:10')).toBeUndefined();
    expect(one.facts).toMatchObject({ moves: 0 });
    expect(one.facts.dueOn.toString()).toBe('2026-03-12');
    one.act('DANA', '12T09:00', later('18'));
    expect(one.facts.dueOn.toString()).toBe('2026-03-18');
  });
});

describe('withdrawing', () => {
  test('waits for the other side; agreed to in time it is in no figure', () => {
    const one = firmPromise();
    one.act('DANA', '10T09:00', { act: 'withdraw' });
    expect(one.facts).toMatchObject({ state: 'open', wantsWithdrawal: true });
    one.act('ANA', '12T23:59', { act: 'agree' });
    expect(one.facts).toMatchObject({ state: 'withdrawn', firstUnkeptOn: null, wantsWithdrawal: false });
  });

  test('after its day it stays a miss', () => {
    const one = firmPromise();
    one.act('DANA', '13T09:00', { act: 'withdraw' });
    expect(one.facts.state).toBe('withdrawn');
    expect(one.facts.firstUnkeptOn?.toString()).toBe('2026-03-12');
  });

  test('by a colleague hands it back to the leader instead', () => {
    const one = firmPromise({ colleagueId: 'MIA' });
    one.act('MIA', '03T09:00', { act: 'own' });
    one.act('MIA', '04T09:00', { act: 'withdraw' });
    expect(one.facts).toMatchObject({ state: 'open', ownerId: 'DANA', askedOwnerId: null });
  });
});

describe('done, and not yet', () => {
  test('only the owner says done', () => {
    const one = firmPromise();
    expect(one.act('ANA', '10T09:00', { act: 'done' })).toBe('Only its owner says that it is done.');
    expect(one.act('DANA', '12T23:59', { act: 'done' })).toBeUndefined();
    one.midnight('13T00:00');
    expect(one.facts).toMatchObject({ state: 'kept', firstUnkeptOn: null });
  });

  test('the other side reopens it within 7 × 24 hours, and the first due day stands', () => {
    const one = firmPromise();
    one.act('DANA', '10T09:00', { act: 'done' });
    expect(one.act('DANA', '11T09:00', { act: 'not yet' })).toBe('That is for somebody else to say.');
    expect(one.act('ANA', '17T09:00', { act: 'not yet' })).toBeUndefined();
    expect(one.facts).toMatchObject({ state: 'open', keptOn: null });
    expect(one.facts.firstUnkeptOn?.toString()).toBe('2026-03-12');
    expect(one.verbs).toEqual(['promised', 'done', 'not yet', 'fell due']);
  });

  test('a second later than that, it stays kept', () => {
    const one = firmPromise();
    one.act('DANA', '10T09:00', { act: 'done' });
    expect(one.act('ANA', '17T09:01', { act: 'not yet' })).toMatch(/^A week has passed/);
  });
});

describe('reopening by the owner', () => {
  test('needs a reason, and the first due day stands', () => {
    const one = firmPromise();
    one.midnight('13T00:00');
    one.act('DANA', '13T09:00', { act: 'will not be done', reason: 'vendor closed' });
    expect(one.facts.state).toBe('missed');
    expect(one.act('DANA', '14T09:00', { act: 'reopen', reason: '' })).toBe('Say in a few words why.');
    one.act('DANA', '14T09:00', { act: 'reopen', reason: 'found another vendor' });
    expect(one.facts.state).toBe('open');
    expect(one.facts.firstUnkeptOn?.toString()).toBe('2026-03-12');
  });

  test('of what was given up before its day ended gives it its chance again', () => {
    const one = firmPromise();
    one.act('DANA', '10T09:00', { act: 'will not be done' });
    expect(one.facts.firstUnkeptOn?.toString()).toBe('2026-03-12');
    one.act('DANA', '11T09:00', { act: 'reopen', reason: 'it works after all' });
    one.act('DANA', '12T09:00', { act: 'done' });
    expect(one.facts).toMatchObject({ state: 'kept', firstUnkeptOn: null });
  });
});

describe('undo', () => {
  test('is for ten minutes, the last second included', () => {
    const one = firmPromise();
    one.act('DANA', '10T09:00', { act: 'done' });
    expect(one.undo('DANA', '10T09:11')).toMatch(/^Ten minutes have passed/);
    expect(one.undo('DANA', '10T09:10')).toBeUndefined();
    expect(one.facts).toMatchObject({ state: 'open', keptOn: null });
    expect(one.undo('DANA', '10T09:10')).toBe('That was undone already.');
  });

  test('is for whoever acted, while nobody else changed it', () => {
    const one = askOfAna();
    const asked = one.events[0]?.id;
    one.act('ANA', '02T09:01', { act: 'accept' });
    expect(one.undo('DANA', '02T09:02')).toBe('There is nothing of yours to undo here.');
    expect(one.undo('DANA', '02T09:02', asked)).toMatch(/^It has changed since/);
    expect(one.undo('ANA', '02T09:02')).toBeUndefined();
    expect(one.facts.state).toBe('asked');
  });

  test('of writing it leaves nothing', () => {
    const one = firmPromise();
    expect(one.undo('DANA', '02T09:10')).toBeUndefined();
    expect(one.gone).toBe(true);
  });

  test('across midnight, what fell due meanwhile falls due again as it must', () => {
    const one = askOfAna();
    one.act('ANA', '12T23:58', { act: 'accept' });
    one.midnight('13T00:00');
    expect(one.facts.firstUnkeptOn).not.toBeNull();
    one.undo('ANA', '13T00:05', one.events[1]?.id);
    expect(one.facts).toMatchObject({ state: 'lapsed', firstUnkeptOn: null });
    expect(recorded(fold([...one.events].reverse()))).toEqual(recorded(one.facts));
  });

  test('the other reading of the typed day costs no new date and can be undone with the writing', () => {
    const one = firmPromise();
    one.act('DANA', '02T09:01', { act: 'date', to: day('19'), history: one.events });
    expect(one.facts).toMatchObject({ moves: 0 });
    expect(one.facts.dueOn.toString()).toBe('2026-03-19');
    expect(one.undo('DANA', '02T09:02', one.events.at(-1)?.id)).toBeUndefined();
    expect(one.gone).toBe(true);
  });
});

describe('a colleague', () => {
  test('owns it once they accept; until then it is the leader’s', () => {
    const one = firmPromise({ colleagueId: 'MIA' });
    expect(one.facts).toMatchObject({ ownerId: 'DANA', askedOwnerId: 'MIA' });
    expect(one.act('MIA', '03T09:00', { act: 'done' })).toBe('Only its owner says that it is done.');
    one.act('MIA', '03T09:00', { act: 'own' });
    expect(one.facts).toMatchObject({ ownerId: 'MIA', askedOwnerId: null });
    expect(one.act('MIA', '03T09:01', { act: 'pass' })).toBe('It is not with you any more.');
  });

  test('passes, and it stays the leader’s with its days and figures', () => {
    const one = firmPromise({ colleagueId: 'MIA' });
    one.midnight('13T00:00');
    one.act('MIA', '14T09:00', { act: 'pass' });
    expect(one.facts).toMatchObject({ ownerId: 'DANA', askedOwnerId: null, state: 'open' });
    expect(one.facts.firstUnkeptOn?.toString()).toBe('2026-03-12');
  });

  test('who leaves hands it back', () => {
    const one = firmPromise({ colleagueId: 'MIA' });
    one.act('MIA', '03T09:00', { act: 'own' });
    one.left('MIA', '05T09:00');
    expect(one.facts.ownerId).toBe('DANA');
  });

  test('is named by the leader alone, on the firm’s side alone', () => {
    const one = firmPromise();
    expect(one.act('ANA', '03T09:00', { act: 'ask owner', colleagueId: 'MIA' })).toBe(
      'That is for somebody else to say.',
    );
    expect(one.act('DANA', '03T09:00', { act: 'ask owner', colleagueId: 'ANA' })).toBe(
      'Name somebody else of the firm.',
    );
    expect(one.act('DANA', '03T09:00', { act: 'ask owner', colleagueId: 'MIA' })).toBeUndefined();
  });
});

describe('slips', () => {
  test('one for each held meeting at which it is open after its day', () => {
    const one = firmPromise();
    one.meetingHeld('12T15:00');
    expect(one.facts.slips).toBe(0);
    one.meetingHeld('13T15:00');
    one.meetingHeld('27T15:00');
    expect(one.facts.slips).toBe(2);
    one.act('DANA', '27T16:00', later('30'));
    one.meetingHeld('29T15:00');
    expect(one.facts.slips).toBe(2);
  });
});
