import { h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { act, readAllSeen, type Screen } from './api.ts';
import { html } from './dom.ts';
import { APP } from './place.ts';
import { useReading } from './reader.ts';
import { isWide } from './session.ts';
import { STEPS, type Step } from './tour-steps.ts';

/** Five steps through the main job. A step is done when what it leads to can be seen, or when one says so. */
export function Tour({ tour }: { tour: Screen['tour'] }) {
  const { session } = useReading();
  const [isFolded, setFolded] = useState(!isWide());
  const index = STEPS.findIndex(({ name }) => !tour.done.includes(name));
  const step = STEPS[index];
  useNoticing(step);
  const isOver = step === undefined;
  return html`<section class=${isFolded ? 'tour folded' : 'tour'} aria-label="Guided tour">
    <p class="step-count">${isOver ? 'Tour done' : `Step ${index + 1} of ${STEPS.length}`}</p>
    <div class="step">
      <h2>${isOver ? 'That is one relationship, from the first proposal to the firm’s promises in public.' : step.title}</h2>
      ${!isFolded && !isOver && html`<p>${step.what}</p>`}
    </div>
    <div class="step-buttons">
      ${!isOver && !isFolded && h(TakeMeThere, { step })}
      ${!isOver && !isFolded && html`<button type="button" class="plain" onClick=${() => session.noteTour({ done: step.name })}>Next step</button>`}
      ${!isOver && html`<button type="button" class="plain fold" aria-expanded=${!isFolded} onClick=${() => setFolded(!isFolded)}>${isFolded ? 'Show' : 'Fold'}</button>`}
      <button type="button" class=${isOver ? 'plain' : 'plain dismiss'} onClick=${() => session.noteTour({ dismissed: true })}>${isOver ? 'Close' : 'Dismiss tour'}</button>
    </div>
  </section>`;
}

/** To the person and the place of the step, with what is to be typed already there. */
function TakeMeThere({ step }: { step: Step }) {
  const { session } = useReading();
  const { place } = session.get();
  const go = async () => {
    const { type, beside } = step;
    const at = beside === undefined ? APP : await openShared(step.as, beside, session.get().screen);
    session.go({ as: step.as, at });
    if (type) session.type(type);
  };
  return html`<button type="button" class="press primary" onClick=${go}>${step.as === place.as ? 'Take me there' : `Become ${step.called}`}</button>`;
}

/** The conversation of the two with the app, which may not have been opened yet. */
async function openShared(as: string, other: string, screen?: Screen): Promise<string> {
  const answer =
    screen && (await act(as, { do: 'openDm', with: [screen.app.botUserId, other] }).catch(() => undefined));
  return answer?.id ?? APP;
}

const LOOKS_EVERY_MS = 1_500;

function useNoticing(step: Step | undefined): void {
  const { session } = useReading();
  useEffect(() => {
    if (!step) return;
    const { name, until } = step;
    let isStopped = false;
    const look = async () => {
      if (document.visibilityState !== 'visible') return;
      const seen = await readAllSeen(until.as).catch(() => '');
      if (isStopped || !until.sees.test(seen)) return;
      clearInterval(looking);
      await session.noteTour({ done: name });
    };
    const looking = setInterval(look, LOOKS_EVERY_MS);
    void look();
    return () => {
      isStopped = true;
      clearInterval(looking);
    };
  }, [step]);
}
