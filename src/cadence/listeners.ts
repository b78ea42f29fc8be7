import type { AccordApp, Deps, Subcommands } from '../deps.ts';
import { registerAnswering } from './listeners/answering.ts';
import { openStart, registerProposing } from './listeners/proposing.ts';
import { openCadence, registerStanding } from './listeners/standing.ts';

export const subcommands: Subcommands = { with: openStart, cadence: openCadence };

export function register(app: AccordApp, deps: Deps): void {
  registerProposing(app, deps);
  registerAnswering(app, deps);
  registerStanding(app, deps);
}
