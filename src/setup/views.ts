/** What `/accord` answers to `help`, and to anything that it does not know. */
export function usage(unknown = ''): string {
  const start = ['', 'help'].includes(unknown.toLowerCase())
    ? []
    : [`\`/accord ${unknown.slice(0, 40)}\` is not one of these:`];
  return [
    ...start,
    '`/accord with @name` propose a standing one-on-one',
    '`/accord cadence` see or change the rhythm, hand the one-on-one over or end it',
    '`/accord agenda` add to the next meeting, or see what is on it',
    '`/accord recap` write the five lines',
    '`/accord ledger` both columns: yours and theirs',
    '`/accord record` how it went with somebody: meetings, decisions, promises kept',
    '`/accord export` all of that as files, for you alone; or be forgotten',
    '`/accord firm` counts for each leader, for the owner of the firm',
    '`/accord settings` your hours, how much you hear, the firm’s digest',
    '`/commit` write down who will do what by when: `/commit send the comps by Friday`',
  ].join('\n');
}
