import type { KnownBlock, ModalView } from '@slack/types';
import type { DigestChoice } from '../digest/store.ts';
import { digestFields, readDigest } from '../digest/views.ts';
import { validateWelcome } from '../people/rules.ts';
import type { Person, Preferences } from '../people/store.ts';
import { preferenceFields, readPreferences } from '../people/views.ts';
import { context, divider, header, modal, section, select, textInput, userSelect } from '../slack/blocks.ts';
import { type Form, type FormState, optionalChoice, optionalPerson, readForm, required, text } from '../slack/form.ts';
import type { FirmSettings, Workspace } from './store.ts';

export const SETTINGS_SUBMITTED = 'setup:settings-submitted';

const ZONE = 'firmZone';
const OWNER = 'firmOwner';
const CONTRACTOR = 'contractorWord';
const REPORT = 'reportWord';
const WORD_LENGTH = 30;

export type SettingsModal = {
  viewer: Person;
  now: Temporal.Instant;
  /** The firm's part, for whoever may set it. */
  firm?: { workspace: Workspace; zones: string[] };
  /** Why the form is shown anew. */
  notice?: string;
};

/** One form: what a person chose for themselves, and the firm's part for whoever leads a one-on-one. */
export function settingsModal({ viewer, now, firm, notice }: SettingsModal): ModalView {
  return modal({
    callbackId: SETTINGS_SUBMITTED,
    title: 'Settings',
    submit: 'Save',
    // Somebody who may not set the firm's part carries no version of it.
    privateMetadata: JSON.stringify(firm ? { version: firm.workspace.version } : {}),
    blocks: [
      ...(notice ? [section(notice)] : []),
      ...preferenceFields(viewer, now),
      divider(),
      ...(firm
        ? firmFields(firm.workspace, firm.zones)
        : [context('The firm’s part is set by whoever leads a one-on-one.')]),
    ],
  });
}

/**
 * Slack keeps what somebody typed as long as a field keeps its name, so the firm's fields bear the version that they show:
 * a newer one is shown as it is.
 */
const stamped = (field: string, version: number): string => `${field}.${version}`;

function firmFields(workspace: Workspace, zones: string[]): KnownBlock[] {
  return unstampedFields(workspace, zones).map((block) => {
    if (block.type !== 'input' || block.block_id === undefined) return block;
    const id = stamped(block.block_id, workspace.version);
    return { ...block, block_id: id, element: { ...block.element, action_id: id } };
  });
}

function unstampedFields(workspace: Workspace, zones: string[]): KnownBlock[] {
  return [
    header('The firm'),
    context(`For everybody in ${workspace.name || 'this workspace'}. Your name is shown beside the digest.`),
    select({
      id: ZONE,
      label: 'Time zone',
      hint: 'Its days and weeks are what the figures and the digest count in.',
      choices: [...new Set([workspace.zone, ...zones])]
        .sort()
        .map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') })),
      initial: workspace.zone,
    }),
    userSelect({
      id: OWNER,
      label: 'Owner of the firm',
      hint: 'Sees counts for each leader, never texts. Keeps the firm’s promises where no leader is left.',
      optional: true,
      initial: workspace.ownerId ?? undefined,
    }),
    textInput({
      id: CONTRACTOR,
      label: 'What you call an independent contractor',
      initial: workspace.contractorWord,
      maxLength: WORD_LENGTH,
    }),
    textInput({
      id: REPORT,
      label: 'What you call a direct report',
      initial: workspace.reportWord,
      maxLength: WORD_LENGTH,
    }),
    ...digestFields(workspace),
  ];
}

export type FirmForm = FirmSettings & {
  /** Undefined for no digest. */
  digest: DigestChoice | undefined;
};
export type SettingsForm = { preferences: Preferences; firm?: FirmForm };

/** What was chosen, or the problems by field; the firm's part only where the form showed it. */
export function readSettings(state: FormState, viewer: Person, version: number | undefined): Form<SettingsForm> {
  const preferences = readPreferences(state, viewer);
  const firm = version === undefined ? undefined : readFirm(unstamped(state, version));
  const errors = {
    ...(preferences.ok ? welcomeErrors(preferences.value) : preferences.errors),
    ...(firm?.ok === false ? firmErrors(firm.errors, version) : {}),
  };
  if (!preferences.ok || firm?.ok === false || Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, value: { preferences: preferences.value, firm: firm?.value } };
}

/** Problems of the firm's part under the names that its fields have in this form. */
export const firmErrors = (errors: Record<string, string>, version = 0): Record<string, string> =>
  Object.fromEntries(Object.entries(errors).map(([field, why]) => [stamped(field, version), why]));

function unstamped({ values }: FormState, version: number): FormState {
  const plain = (name: string) => (name.endsWith(stamped('', version)) ? name.slice(0, name.lastIndexOf('.')) : name);
  return {
    values: Object.fromEntries(
      Object.entries(values).map(([block, inputs]) => [
        plain(block),
        Object.fromEntries(Object.entries(inputs).map(([name, input]) => [plain(name), input])),
      ]),
    ),
  };
}

function welcomeErrors(preferences: Preferences): Record<string, string> {
  const valid = validateWelcome(preferences);
  return valid.ok ? {} : { [valid.field ?? 'welcomeFrom']: valid.why };
}

function readFirm(state: FormState): Form<FirmForm> {
  const word = { max: WORD_LENGTH, missing: 'One word is enough.' };
  const read = readForm(state, {
    [ZONE]: required(optionalChoice(), 'Pick a time zone.'),
    [OWNER]: optionalPerson(),
    [CONTRACTOR]: text(word),
    [REPORT]: text(word),
  });
  const digest = readDigest(state);
  if (!read.ok || !digest.ok)
    return { ok: false, errors: { ...(read.ok ? {} : read.errors), ...(digest.ok ? {} : digest.errors) } };
  const { firmZone, firmOwner, contractorWord, reportWord } = read.value;
  return {
    ok: true,
    value: { zone: firmZone, ownerId: firmOwner ?? null, contractorWord, reportWord, digest: digest.value },
  };
}

/** The version of the firm's part that the form showed; undefined where it showed none. */
export function readVersion(metadata: string): number | undefined {
  const version = /^\{"version":(\d{1,9})\}$/.exec(metadata)?.[1];
  return version === undefined ? undefined : Number(version);
}

/** Where refusals of the firm's part are shown. */
export const ownerErrors = (why: string): Record<string, string> => ({ [OWNER]: why });
export const zoneErrors = (why: string): Record<string, string> => ({ [ZONE]: why });

export const settingsSaved = (): ModalView =>
  modal({
    callbackId: 'setup:saved',
    title: 'Saved',
    close: 'Close',
    blocks: [section('Your settings are saved, and hold from now on.')],
  });
