/** What a spreadsheet would take for a formula, also behind blanks or in full width, and what it would break a cell at. */
const ACTIVE = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/u;

/** A cell that a spreadsheet shows as it was written: nothing in it is ever calculated. */
const neutralised = (text: string): string => (ACTIVE.test(text) ? `'${text}` : text);

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const BYTE_ORDER_MARK = '\uFEFF';

/** RFC 4180 with every cell in quotes, in UTF-8 that spreadsheets recognise by its mark. */
export function csvOf(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const lines = [header, ...rows].map((cells) =>
    cells.map((cell) => quoted(neutralised(cell === null ? '' : String(cell)))).join(','),
  );
  return `${BYTE_ORDER_MARK}${lines.map((line) => `${line}\r\n`).join('')}`;
}
