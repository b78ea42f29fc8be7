import { expect, test } from '@jest/globals';
import { csvOf } from '../../src/record/csv.ts';

const cells = (...written: (string | number | null)[]): string => csvOf(['a'], [written]).split('\r\n')[1] ?? '';

test.each([
  '=HYPERLINK("https://evil.example","bank")',
  '+1 555 0100',
  '-2+3',
  '@SUM(A1)',
  '\t=1+1',
  '\rcomps',
  '\n=1+1',
  '  =1+1',
  '＝1+1',
])('SEC8: %j stays text in a spreadsheet', (written) => {
  expect(csvOf(['what'], [[written]])).toContain(`\r\n"'`);
});

test.each(['two comps', 'a - b', '1.15M', 'mail me @ noon', '“quoted”'])('%j is left as it is', (written) => {
  expect(cells(written)).toBe(`"${written}"`);
});

test('quotes, commas and lines stay inside their cell, and nothing is an empty one', () => {
  expect(cells('say "yes", please', 3, null, 'two\nlines')).toBe('"say ""yes"", please","3","","two\nlines"');
});

test('a spreadsheet knows that it is UTF-8', () => {
  expect(csvOf(['was'], [['Zürich 👩‍👩‍👧']])).toBe('\uFEFF"was"\r\n"Zürich 👩‍👩‍👧"\r\n');
});
