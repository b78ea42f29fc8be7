/** Who writes the line: their own day and locale only turn words into a date. */
export type Writer = {
  id: string;
  locale: string;
  today: Temporal.PlainDate;
  pairs: {
    pairId: string;
    kind: 'contractor' | 'report';
    /** The writer's role in this pair. */
    role: 'leader' | 'partner';
    otherId: string;
    /** What the other is called: first the name that is shown in the kept text, then any further ones. */
    otherNames: string[];
  }[];
};
