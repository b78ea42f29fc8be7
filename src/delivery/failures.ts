import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';

/** What became of a call that did not answer with success. `reason` never holds what Slack or people wrote. */
export type Failure =
  /** Not taken, for now: `of` has to be left alone for `ms`, or for as long as we find right. */
  | { kind: 'later'; of: 'conversation' | 'workspace' | 'message'; ms?: number; reason: string }
  /** Perhaps taken. */
  | { kind: 'doubt'; reason: string }
  /** Not taken, and never will be, until somebody mends something. */
  | { kind: 'stopped'; what: 'workspace' | 'conversation' | 'message'; reason: string }
  /** The message that should be updated is not there any more. */
  | { kind: 'gone'; reason: string }
  /** An error name that we do not know: not taken, tried a few times. */
  | { kind: 'unknown'; reason: string };

const names = (list: string): Set<string> => new Set(list.trim().split(/\s+/));

const STOPS_WORKSPACE = names(`
  account_inactive token_revoked token_expired invalid_auth not_authed not_allowed_token_type access_denied
  org_login_required ekm_access_denied enterprise_is_restricted team_access_not_granted two_factor_setup_required`);

const STOPS_CONVERSATION = names(`
  channel_not_found not_in_channel is_archived is_inactive restricted_action restricted_action_read_only_channel
  restricted_action_non_threadable_channel restricted_action_thread_only_channel messages_tab_disabled
  method_not_supported_for_channel_type channel_type_not_supported missing_scope no_permission team_not_found
  user_disabled user_not_found users_not_found user_not_visible cannot_dm_bot cannot_message_self invalid_users
  invalid_user_combination not_enough_users too_many_users users_list_not_supplied posting_to_channel_denied
  cannot_find_channel invalid_channel not_paid`);

const STOPS_MESSAGE = names(`
  msg_too_long no_text invalid_blocks invalid_blocks_format msg_blocks_too_long too_many_attachments block_mismatch
  invalid_attachments invalid_metadata_format invalid_metadata_schema metadata_too_large metadata_must_be_sent_from_app
  invalid_arguments invalid_arg_name invalid_arg_value invalid_array_arg invalid_charset invalid_form_data
  invalid_post_type missing_post_type missing_argument markdown_text_conflict duplicate_message_not_found
  unknown_method blocked_file_type file_type_not_allowed file_uploads_disabled file_uploads_except_images_disabled
  invalid_filename storage_limit_reached`);

const GONE = names('message_not_found cant_update_message edit_window_closed thread_not_found');

const LIMITS_CONVERSATION = names('ratelimited rate_limited');
const LIMITS_WORKSPACE = names('message_limit_exceeded accesslimited');
const NOT_NOW = names('service_unavailable request_timeout team_added_to_org external_channel_migrating');
/** Slack's own words for these: some aspect of the operation may have succeeded. */
const PERHAPS_TAKEN = names('internal_error fatal_error');

/** The connection was never made. */
const NOT_CONNECTED = names(
  'ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH EHOSTDOWN UND_ERR_CONNECT_TIMEOUT',
);

export function readFailure(error: unknown): Failure {
  if (error instanceof WebAPIRateLimitedError)
    return { kind: 'later', of: 'conversation', ms: error.retryAfter * 1000, reason: 'ratelimited' };
  if (error instanceof WebAPIPlatformError) {
    const retryAfter = error.data.response_metadata?.retryAfter;
    return readRefusal(error.data.error, retryAfter === undefined ? undefined : retryAfter * 1000);
  }
  if (error instanceof WebAPIHTTPError) return { kind: 'doubt', reason: `HTTP ${error.statusCode}` };
  const code = networkCode(error instanceof WebAPIRequestError ? error.original : error);
  if (code && NOT_CONNECTED.has(code)) return { kind: 'later', of: 'workspace', reason: code };
  return { kind: 'doubt', reason: code ?? 'unreadable answer' };
}

/** What is no error name is no answer of Slack's: the client puts there whatever came, a page of HTML or nothing at all. */
function readRefusal(error: unknown, ms: number | undefined): Failure {
  if (typeof error !== 'string' || !/^[a-z][a-z0-9_]{1,60}$/.test(error))
    return { kind: 'doubt', reason: 'unreadable answer' };
  if (LIMITS_CONVERSATION.has(error)) return { kind: 'later', of: 'conversation', ms, reason: error };
  if (LIMITS_WORKSPACE.has(error)) return { kind: 'later', of: 'workspace', ms, reason: error };
  if (NOT_NOW.has(error)) return { kind: 'later', of: 'message', ms, reason: error };
  if (PERHAPS_TAKEN.has(error)) return { kind: 'doubt', reason: error };
  if (GONE.has(error)) return { kind: 'gone', reason: error };
  if (STOPS_WORKSPACE.has(error)) return { kind: 'stopped', what: 'workspace', reason: error };
  if (STOPS_CONVERSATION.has(error)) return { kind: 'stopped', what: 'conversation', reason: error };
  if (STOPS_MESSAGE.has(error)) return { kind: 'stopped', what: 'message', reason: error };
  return { kind: 'unknown', reason: error };
}

/** The system's name for what broke, however deep fetch wrapped it. */
function networkCode(error: unknown, depth = 0): string | undefined {
  if (!Error.isError(error) || depth > 4) return undefined;
  if (error.name === 'TimeoutError') return 'timeout';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return networkCode(error.cause, depth + 1);
}

/** An error for the log: what kind and where, never its message, which may quote what people wrote. */
export function errorForLog(error: unknown): { error: string; code?: string; at?: string } {
  if (!Error.isError(error)) return { error: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const at = error.stack?.split('\n').find((line) => /^\s+at /.test(line));
  return { error: error.name, ...(code && { code }), ...(at && { at: at.trim() }) };
}
