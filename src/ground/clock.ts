/** What time it is for the product: days, dues, expiry, undo. Moved by the rehearsal and by tests; main gives the real one. */
export type Clock = () => Temporal.Instant;
