import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Inline, type Piece, parseMrkdwn } from '../../src/rehearsal/page/mrkdwn.ts';

const text = (words: string): Inline => ({ kind: 'text', text: words });
const lines = (...inside: Inline[]): Piece => ({ kind: 'lines', inside });
const quote = (...inside: Inline[]): Piece => ({ kind: 'quote', inside });
const bold = (...inside: Inline[]): Inline => ({ kind: 'bold', inside });
const italic = (...inside: Inline[]): Inline => ({ kind: 'italic', inside });
const strike = (...inside: Inline[]): Inline => ({ kind: 'strike', inside });
const link = (url: string, label = url): Inline => ({ kind: 'link', url, label });

describe('what somebody wrote is shown as Slack shows it', () => {
  test.each<[string, string, Piece[]]>([
    ['plain words', 'see you', [lines(text('see you'))]],
    ['bold', '*Ana* two comps', [lines(bold(text('Ana')), text(' two comps'))]],
    ['italic', 'so _very_ late', [lines(text('so '), italic(text('very')), text(' late'))]],
    ['struck through', '~old~ new', [lines(strike(text('old')), text(' new'))]],
    ['one inside the other', '*_both_*', [lines(bold(italic(text('both'))))]],
    ['a name with a line below', 'snake_case_name', [lines(text('snake_case_name'))]],
    ['a multiplication', '2 * 3 * 4', [lines(text('2 * 3 * 4'))]],
    ['a lone star', 'five * stars', [lines(text('five * stars'))]],
    ['marks on two lines', '*a\nb*', [lines(text('*a\nb*'))]],
    ['brackets around bold', '(*now*)', [lines(text('('), bold(text('now')), text(')'))]],
    ['code keeps its marks', '`*a*` *b*', [lines({ kind: 'code', text: '*a*' }, text(' '), bold(text('b')))]],
    [
      'a block of code',
      'so:\n```\n*a* &lt;b&gt;\n```\ndone',
      [lines(text('so:\n')), { kind: 'pre', text: '*a* <b>' }, lines(text('done'))],
    ],
    [
      'a quotation',
      'he said\n&gt; *yes*\n&gt; and no\nthen left',
      [lines(text('he said')), quote(bold(text('yes')), text('\nand no')), lines(text('then left'))],
    ],
    [
      'a quotation to the end',
      'he said\n&gt;&gt;&gt; yes\nand no',
      [lines(text('he said')), quote(text('yes\nand no'))],
    ],
    ['a list stays as it was typed', '• one\n• two', [lines(text('• one\n• two'))]],
    ['emoji stay as they were typed', ':tada: done', [lines(text(':tada: done'))]],
    ['escaped signs, once', 'a &amp; b &lt;c&gt; &amp;lt;', [lines(text('a & b <c> &lt;'))]],
    ['a link', '<https://a.example/x?a=1&amp;b=2|the page>', [lines(link('https://a.example/x?a=1&b=2', 'the page'))]],
    ['a bold link', '*<https://a.example|a>*', [lines(bold(link('https://a.example', 'a')))]],
    ['a mail address', '<mailto:ana@a.example>', [lines(link('mailto:ana@a.example', 'ana@a.example'))]],
    ['a bare address', 'see https://a.example/x.', [lines(text('see '), link('https://a.example/x'), text('.'))]],
    ['a person', 'ask <@U0ANA00001|ana>', [lines(text('ask '), { kind: 'user', id: 'U0ANA00001', name: 'ana' })]],
    ['a channel', '<#C0PROMISES>', [lines({ kind: 'channel', id: 'C0PROMISES', name: undefined })]],
    ['everybody', '<!channel>', [lines({ kind: 'broadcast', name: 'channel' })]],
    [
      'a date',
      '<!date^1774339200^{date} at {time}|24 March>',
      [lines({ kind: 'date', seconds: 1774339200, format: '{date} at {time}', fallback: '24 March' })],
    ],
    ['nothing', '', []],
  ])('%s', (_name, written, tree) => {
    expect(parseMrkdwn(written)).toEqual(tree);
  });
});

test('a bare address stays text where the block is verbatim', () => {
  expect(parseMrkdwn('see https://a.example', { verbatim: true })).toEqual([lines(text('see https://a.example'))]);
});

test.each(['<javascript:alert(1)|press>', '<data:text/html,x>', '<!date^1^{date}^javascript:alert(1)|x>'])(
  'an address that would run something is no link: %s',
  (written) => {
    expect(JSON.stringify(parseMrkdwn(written))).not.toMatch(/"url"|"kind":"link"/);
  },
);

test('no letter or digit that somebody wrote is lost outside of angle brackets', () => {
  const written = fc.string({ unit: fc.constantFrom(...'ab1 *_~`&;>\n'), maxLength: 40 });
  fc.assert(
    fc.property(written, (words) => {
      const kept = (found: string) => found.replace(/[^ab1]/g, '');
      expect(kept(parseMrkdwn(words).map(wordsOf).join(''))).toBe(kept(words));
    }),
  );
});

const wordsOf = (piece: Piece): string => (piece.kind === 'pre' ? piece.text : piece.inside.map(wordsIn).join(''));
const wordsIn = (one: Inline): string =>
  'inside' in one ? one.inside.map(wordsIn).join('') : 'text' in one ? one.text : '';
