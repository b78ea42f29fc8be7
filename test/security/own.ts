import { COMPLEXITY_CHOSEN, RHYTHM_SUBMITTED } from '../../src/cadence/rhythm-form.ts';
import { PEOPLE_PICKED, START } from '../../src/home/views.ts';
import { AGENDA_FROM_MESSAGE } from '../../src/meetings/agenda-views.ts';
import { BE_FORGOTTEN } from '../../src/record/forget-views.ts';
import { SNOOZE } from '../../src/reminders/views.ts';
import { SETTINGS_SUBMITTED } from '../../src/setup/settings.ts';
import type { Own } from './verbs.ts';

const metadata = JSON.stringify({ complexity: 'firm-leads', partnerIds: ['U0NOBODY01'] });
const form = { callbackId: RHYTHM_SUBMITTED, metadata };

/** What nobody can be a stranger to, and why. */
export const OWN: Own[] = [
  { id: 'command /accord', own: 'each of its words stands here itself' },
  { id: 'word with', own: 'it begins something of one’s own' },
  { id: 'word firm', own: 'it names nobody; whoever is not the owner of the firm is refused' },
  { id: 'word settings', own: 'it shows one’s own; the firm’s part to whoever leads' },
  {
    id: `action ${COMPLEXITY_CHOSEN}`,
    own: 'it fills in a form of one’s own',
    forged: [
      { kind: 'action', id: COMPLEXITY_CHOSEN, option: 'solo-top-producer', form },
      { kind: 'action', id: COMPLEXITY_CHOSEN, option: 'x-forged', form },
      { kind: 'action', id: COMPLEXITY_CHOSEN, option: 'firm-leads', form: { ...form, metadata: 'x-forged' } },
    ],
  },
  { id: `shortcut ${AGENDA_FROM_MESSAGE}`, own: 'it opens a form of one’s own' },
  { id: `action ${START}`, own: 'it opens an empty form' },
  {
    id: `view ${PEOPLE_PICKED}`,
    own: 'it begins something of one’s own',
    forged: [
      { kind: 'view', id: PEOPLE_PICKED, metadata: 'x-forged' },
      {
        kind: 'view',
        id: PEOPLE_PICKED,
        metadata: '',
        values: { with: { type: 'multi_users_select', selected_users: ['U0NOBODY01'] } },
      },
    ],
  },
  { id: `action ${BE_FORGOTTEN}`, own: 'it is about oneself' },
  { id: `action ${SNOOZE}`, own: 'it is about one’s own bundle' },
  {
    id: `view ${SETTINGS_SUBMITTED}`,
    own: 'it names nothing; who may not set the firm’s part is refused in settings.test.ts',
    forged: [
      { kind: 'view', id: SETTINGS_SUBMITTED, metadata: 'x-forged' },
      { kind: 'view', id: SETTINGS_SUBMITTED, metadata: '{"version":1}' },
    ],
  },
  ...['app_home_opened', 'user_change', 'team_join', 'app_uninstalled', 'tokens_revoked'].map((event) => ({
    id: `event ${event}`,
    own: 'only Slack sends it',
  })),
];
