import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeMrkdwn, plain, readTyped, shorten, unescapeMrkdwn } from '../../src/ground/slack-text.ts';

test('a mention arrives with or without its name', () => {
  expect(readTyped('send <@U012AB3CD|dana> and <@W9> the list &amp; notes')).toMatchObject({
    text: 'send @dana and @W9 the list & notes',
    mentions: [{ id: 'U012AB3CD', name: 'dana' }, { id: 'W9' }],
  });
});

test.each([
  ['<https://a.example/x?a=1&amp;b=2>', 'https://a.example/x?a=1&b=2'],
  ['<http://zillow.com|zillow.com>', 'zillow.com'],
  ['<https://evil.example|your bank>', 'your bank (https://evil.example)'],
  ['<mailto:ana@a.example|ana@a.example>', 'ana@a.example'],
  ['<#C012AB3CD|listings>', '#listings'],
  ['<#C012AB3CD|>', '#C012AB3CD'],
  ['<!channel>', '@channel'],
  ['<!subteam^S1|@agents>', '@agents'],
  ['<!date^1392734382^{date}|Feb 18>', 'Feb 18'],
  ['3 &lt; 4 &amp;&amp; 5 &gt; 4', '3 < 4 && 5 > 4'],
  ['&amp;lt;b&amp;gt;', '&lt;b&gt;'],
  ['a < b', 'a < b'],
  ['<not a token>', '<not a token>'],
])('%s reads as %s', (raw, text) => {
  expect(readTyped(raw).text).toBe(text);
});

test('nothing that somebody typed is live when it is shown again', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string(),
          fc.constantFrom(
            '<!channel>',
            '<!here|x>',
            '@everyone',
            '&lt;!channel&gt;',
            '<@U1|a>',
            '<#C1>',
            '&amp;lt;',
            '<',
            '>',
            '|',
            '!channel',
            'https://a.example',
            '<https://b.example|c>',
          ),
        ),
      ),
      (pieces) => {
        const shown = plain(pieces.join(''));
        expect(shown).not.toMatch(/[<>]|@(channel|here|everyone)\b|:\/\//i);
        expect(plain(shown)).toBe(shown);
      },
    ),
    { numRuns: 500 },
  );
});

test('what is escaped comes back as it was', () => {
  fc.assert(fc.property(fc.string(), (text) => expect(unescapeMrkdwn(escapeMrkdwn(text))).toBe(text)));
});

test('a text is shortened between whole characters, never inside one', () => {
  expect(shorten('listing presentation', 20)).toBe('listing presentation');
  expect(shorten('listing presentation', 10)).toBe('listing p…');
  expect(shorten('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 13)).toBe('👩‍👩‍👧‍👦…');
  expect(shorten('e\u0301'.repeat(30), 11)).toBe(`${'e\u0301'.repeat(5)}…`);
});

test('no half entity and no half mention is left behind', () => {
  expect(shorten('R&amp;D budget', 5)).toBe('R…');
  expect(shorten('ask <@U012AB3CD> about it', 12)).toBe('ask…');
  expect(shorten('5 < 6 and some more words', 12)).toBe('5 < 6 and s…');
});

test('a shortened text always fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, max) => {
      expect(shorten(text, max).length).toBeLessThanOrEqual(max);
    }),
  );
});
