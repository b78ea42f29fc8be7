import { spokenRates } from '../commitments/figures.ts';
import { spokenDate, spokenTime } from '../ground/days.ts';
import { dayIn } from '../ground/zoned.ts';
import type { Person } from '../people/store.ts';
import { questions } from '../prep/rules.ts';
import type { Exported, ExportedPair } from './schema.ts';
import { standingRecap, withWhom } from './tables.ts';

/** Made of escaped pieces only: whatever people wrote cannot become markup. */
type Html = { html: string };
type Piece = string | number | Html | Html[] | undefined;

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

function markup(parts: TemplateStringsArray, ...pieces: Piece[]): Html {
  return { html: parts.reduce((all, part, n) => all + rendered(pieces[n - 1]) + part) };
}

function rendered(piece: Piece): string {
  if (piece === undefined) return '';
  if (Array.isArray(piece)) return piece.map(({ html }) => html).join('');
  return typeof piece === 'object' ? piece.html : escaped(String(piece));
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; color: #1c2524; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 3rem; } h3 { margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; } th:first-child { width: 46%; } th, td { text-align: start; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #d5dcda; }
.words { white-space: pre-wrap; overflow-wrap: anywhere; } .quiet { color: #55625f; }
@media print { body { margin: 0; max-width: none; } }`;

/** One page that stands alone: nothing is fetched, nothing runs, and it prints. Days and times are the reader's. */
export function exportPage({ pairs, exportedAt, exportedFor }: Exported, reader: Person): string {
  const when = saidAt(exportedAt, reader);
  const title = `One-on-ones of ${exportedFor.name}`;
  const { html } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<h1 dir="auto">${title}</h1>
<p class="quiet">As it stood ${when}. It holds what ${exportedFor.name} may see, and nothing else.</p>
${pairs.map((pair) => pairSection(pair, reader))}
</body>
</html>
`;
  return html;
}

const saidAt = (iso: string, { zone, locale }: Person): string => {
  const at = Temporal.Instant.from(iso);
  const day = dayIn(zone, at);
  return `${spokenDate(day, day, locale)} ${day.year}, ${spokenTime(at, zone, locale)}`;
};

const saidOn = (iso: string, { locale }: Person): string => {
  const day = Temporal.PlainDate.from(iso);
  return `${spokenDate(day, day, locale)} ${day.year}`;
};

function pairSection(pair: ExportedPair, reader: Person): Html {
  const { keptOnTime: rates, leader, partner } = pair;
  const said = (side: 'partner' | 'firm') =>
    rates && spokenRates({ short: rates[side].fourWeeks, long: rates[side].twelveWeeks });
  return markup`<h2 dir="auto">${withWhom(pair, reader.id)}</h2>
${pair.holds === 'own words' ? markup`<p>You are not of this one-on-one any more: this is what you wrote in it.</p>` : undefined}
<p class="quiet" dir="auto">${leader.name} and ${partner.name}${pair.agreedAt ? `, since ${saidAt(pair.agreedAt, reader)}` : ''}${pair.endedAt ? `, until ${saidAt(pair.endedAt, reader)}` : ''}</p>
<h3>Commitments</h3>
${column(pair, 'partner', partner.name, said('partner') ?? undefined, reader)}
${column(pair, 'firm', pair.kind === 'report' ? leader.name : 'The firm', said('firm') ?? undefined, reader)}
<h3>Meetings</h3>
${[...pair.meetings].reverse().map((one) => meetingPart(one, reader))}
${pair.agenda.length > 0 ? markup`<h3>Agenda</h3><ul>${pair.agenda.map((item) => markup`<li class="words" dir="auto">${item.text} <span class="quiet">${item.by.name}, ${saidAt(item.addedAt, reader)}</span></li>`)}</ul>` : undefined}`;
}

function column(
  { commitments }: ExportedPair,
  side: 'partner' | 'firm',
  name: string,
  rates: string | undefined,
  reader: Person,
): Html {
  const ours = commitments.filter((one) => one.side === side);
  const rows = ours.map(
    (one) =>
      markup`<tr><td class="words" dir="auto">${one.text}</td><td dir="auto">${one.owner.name}</td><td>${saidOn(one.dueOn, reader)}</td><td>${stateSaid(one)}</td></tr>`,
  );
  return markup`<h4 dir="auto">${name}</h4>
${rates === undefined ? undefined : markup`<p>${rates}</p>`}
${rows.length === 0 ? markup`<p class="quiet">Nothing.</p>` : markup`<table><thead><tr><th>What</th><th>Who</th><th>By</th><th>How it stands</th></tr></thead><tbody>${rows}</tbody></table>`}`;
}

/** How it stands once its day has passed unkept. */
const PASSED: Partial<Record<ExportedPair['commitments'][number]['state'], string>> = {
  open: 'overdue',
  kept: 'kept late',
};

function stateSaid({ state, firstUnkeptOn, moved, carriedOver }: ExportedPair['commitments'][number]): string {
  const passed = firstUnkeptOn === null ? undefined : PASSED[state];
  return [
    passed ?? state,
    ...(moved > 0 ? [`moved ${moved}×`] : []),
    ...(carriedOver > 0 ? [`carried over ${carriedOver}×`] : []),
  ].join(', ');
}

function meetingPart(one: ExportedPair['meetings'][number], reader: Person): Html {
  const recap = standingRecap(one);
  const state = one.skippedBy ? `${one.state} by ${one.skippedBy.name}` : one.state;
  return markup`<h4>${saidAt(one.startsAt, reader)} <span class="quiet" dir="auto">${state}</span></h4>
${one.skipReason === null ? undefined : markup`<p class="words" dir="auto">${one.skipReason}</p>`}
${one.answers.map((answer) => markup`<p class="quiet">${asked(answer.question)}</p><p class="words" dir="auto">${answer.answer} <span class="quiet">${answer.by.name}</span></p>`)}
${
  recap
    ? markup`<p class="quiet">Outcome${recap.produced ? `, produced: ${recap.produced}` : ''}</p><p class="words" dir="auto">${recap.outcome}</p><p class="quiet">Decided</p><p class="words" dir="auto">${recap.decisions}</p>`
    : undefined
}`;
}

const asked = (id: string): string => questions.find((question) => question.id === id)?.ask ?? id;
