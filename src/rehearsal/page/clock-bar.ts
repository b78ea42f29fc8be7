import type { ComponentChildren } from 'preact';
import { h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Screen } from './api.ts';
import { Confirmation } from './dialog.ts';
import { html } from './dom.ts';
import { Faces } from './faces.ts';
import { useReading } from './reader.ts';
import { cityOf, shortMoment, soonMoment, yearOf } from './times.ts';

/** On top of everything: that this is a rehearsal, what time it is in it, and who one is. */
export function ClockBar({ screen }: { screen?: Screen }) {
  const { session } = useReading();
  return html`<header class="clock-bar">
    <p class="rehearsal"><strong>Rehearsal</strong><span>Nothing here is real</span></p>
    ${screen && h(Clock, { screen })}
    ${h(Faces, { session })}
    ${h(StartOver, {})}
  </header>`;
}

function Clock({ screen }: { screen: Screen }) {
  const { session, me, now } = useReading();
  useTicking();
  const at = now();
  const { moving } = session.get();
  const { nextDue } = screen.clock;
  const due = nextDue ? new Date(nextDue) : undefined;
  const move = (to: string, label: ComponentChildren, off = false) =>
    html`<button type="button" class="move" disabled=${moving || off} onClick=${() => session.move(to)}>${label}</button>`;
  return html`<section class="clock" aria-label="Rehearsal clock" aria-busy=${moving} data-now=${at.toISOString()}>
    <p class="now"><strong>${shortMoment(at, me)}</strong>
      <span>${moving ? 'Moving …' : `${yearOf(at, me)} · ${cityOf(me.zone)}`}</span></p>
    <div class="moves" role="group" aria-label="Move the clock">
      ${due ? move('next', html`<small>Next due</small> ${soonMoment(due, at, me)}`) : move('next', 'Nothing due', true)}
      ${move('+1h', '+1 hour')} ${move('+1d', '+1 day')} ${move('+1w', '+1 week')}
    </div>
  </section>`;
}

/** Draws again when the minute has changed. */
function useTicking(): void {
  const [, setBeat] = useState(0);
  useEffect(() => {
    const beat = setInterval(() => setBeat((count) => count + 1), 5_000);
    return () => clearInterval(beat);
  }, []);
}

function StartOver() {
  const { session } = useReading();
  const [asks, setAsks] = useState(false);
  return html`<button type="button" class="plain start-over" onClick=${() => setAsks(true)}>Start over</button>
    ${
      asks &&
      h(Confirmation, {
        question: {
          title: 'Start over?',
          text: 'Everything said and agreed in this rehearsal is forgotten, and the clock goes back to the real time.',
          yes: 'Start over',
          no: 'Keep it',
          danger: true,
        },
        answer: (yes) => {
          setAsks(false);
          if (yes) void session.startOver();
        },
      })
    }`;
}
