export const NOT_YOURS = 'That proposal is not open for you any more. `/accord cadence` shows what is agreed.';
export const HAS_ENDED = 'This one-on-one has ended. Begin anew: `/accord with @name`.';
