import type { AccordApp, Deps, Subcommands } from '../deps.ts';
import { registerActs } from './listeners/acts.ts';
import { registerCommit } from './listeners/commit.ts';
import { registerCommitForm } from './listeners/commit-form.ts';
import { registerHandOver } from './listeners/hand-over.ts';
import { answerLedger, registerLedger } from './listeners/ledger.ts';
import { registerSecondThoughts } from './listeners/second-thoughts.ts';

export const subcommands: Subcommands = { ledger: answerLedger };

export function register(app: AccordApp, deps: Deps): void {
  registerCommit(app, deps);
  registerCommitForm(app, deps);
  registerSecondThoughts(app, deps);
  registerActs(app, deps);
  registerLedger(app, deps);
  registerHandOver(app, deps);
}
