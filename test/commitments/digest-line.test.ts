import { expect, test } from '@jest/globals';
import { digestLineOf } from '../../src/commitments/digest-line.ts';

const names = { ownerName: 'Dana Reyes', otherNames: ['Ana Lopez', 'Will Okafor', '陳小明'] };

test.each([
  'the listing presentation',
  'Vendor introduction',
  'lead routing for the team',
  'the Q1 marketing report',
  'MLS access by March',
  'Dana sends the CMA template',
  'will send two comps',
  'Yard signs. Ask the printer first',
  'قائمة العملاء الجدد',
])('“%s” may be named in the digest as it stands', (text) => {
  expect(digestLineOf(text, names)).toEqual({ line: text });
});

test.each([
  ['two comps for Ana', 'it mentions Ana'],
  ['two comps for ana', 'it mentions ana'],
  ['Lopez’s split', 'it mentions Lopez'],
  ['ask Will about it', 'it mentions Will'],
  ['intro to @marcus', 'it mentions marcus'],
  ['listing presentation at 12 Oak Street', 'it gives an address: 12 Oak Street'],
  ['relist Oak Street', 'it gives an address: Oak Street'],
  ['call 555-201-3344', 'it gives an address: 555-201-3344'],
  ['write to m.weber@example.com', 'it gives an address: m.weber@example.com'],
  ['the survey of Maria', 'it seems to name Maria'],
  ['Maria Sanchez closing', 'it seems to name Maria'],
  ['Maria’s survey', 'it seems to name Maria'],
  ['paperwork for the Hendersons', 'it seems to name Hendersons'],
  ['陳小明', 'it mentions 陳小明'],
])('“%s” is counted but not named', (text, because) => {
  expect(digestLineOf(text, names)).toEqual({ line: null, because });
});
