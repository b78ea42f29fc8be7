/** To whom: a set of people, whose conversation with the bot is found or opened, or a channel. */
export type To = { people: string[] } | { channel: string };

/** The same for the same people in any order: sorted member ids joined by "+", or the channel's id. */
export function addressOf(to: To): string {
  if ('channel' in to) return to.channel;
  const people = [...new Set(to.people)].sort();
  if (people.length === 0) throw new Error('A message goes to somebody');
  return people.join('+');
}

const PERSON = /^[UW]/;

export const peopleAt = (address: string): string[] => (PERSON.test(address) ? address.split('+') : []);

export const channelAt = (address: string): string | undefined => (PERSON.test(address) ? undefined : address);
