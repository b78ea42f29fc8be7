import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Face, Row } from './api.ts';
import type { Session } from './session.ts';

/** Who reads, and what every part of the page needs to show names and times to them. */
export type Reading = {
  session: Session;
  me: Face;
  people: Map<string, Face>;
  conversations: Map<string, Row>;
  now: () => Date;
};

export const ReadingContext = createContext<Reading | undefined>(undefined);

export function useReading(): Reading {
  const reading = useContext(ReadingContext);
  if (!reading) throw new Error('shown outside of the frame');
  return reading;
}

/** As Slack shows people: the display name where there is one. */
export const shownName = (face: Face): string => face.displayName || face.realName;

/** "#general" or the people's names. */
export const titleOf = ({ kind, name }: Pick<Row, 'kind' | 'name'>): string =>
  kind === 'channel' || kind === 'private' ? `#${name}` : name;
