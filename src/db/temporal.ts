/** `pg` asks an object for its `toPostgres` before it would write it as JSON; Temporal's own texts are what PostgreSQL reads. */
for (const kind of [Temporal.Instant, Temporal.PlainDate, Temporal.PlainTime]) {
  Object.defineProperty(kind.prototype, 'toPostgres', { value: kind.prototype.toString, configurable: true });
}
