import type { AccordApp, Deps, Subcommands } from '../deps.ts';
import { registerActs } from './listeners/acts.ts';
import { registerCommit } from './listeners/commit.ts';
import { registerHandOver } from './listeners/hand-over.ts';
import { answerLedger, registerLedger } from './listeners/ledger.ts';

export const subcommands: Subcommands = { ledger: answerLedger };

export function register(app: AccordApp, deps: Deps): void {
  registerCommit(app, deps);
  registerActs(app, deps);
  registerLedger(app, deps);
  registerHandOver(app, deps);
}
