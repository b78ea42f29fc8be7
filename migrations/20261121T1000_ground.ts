import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await makeRoles(db);
  await makeProtection(db);

  await sql`
    create table workspace (
      id text primary key check (id <> '' and id <> '*'),
      name text not null default '',
      zone text not null default 'America/New_York',
      enterprise_id text,
      bot_user_id text,
      bot_id text,
      token bytea,
      scopes text[] not null default '{}',
      installed_at timestamptz,
      uninstalled_at timestamptz,
      checked_at timestamptz,
      owner_id text,
      contractor_word text not null default 'agent',
      report_word text not null default 'report',
      digest_channel_id text,
      digest_weekday int check (digest_weekday between 1 and 7),
      digest_at time,
      digest_covers_reports boolean not null default false,
      digest_configured_by text,
      digest_due_at timestamptz,
      version int not null default 1
    )`.execute(db);
  // The tick asks which workspaces' digest is due.
  await sql`
    create index workspace_digest_due on workspace (digest_due_at)
    where digest_due_at is not null`.execute(db);

  await sql`
    create table audit (
      workspace_id text not null references workspace (id) on delete cascade,
      id uuid not null,
      at timestamptz not null,
      actor_id text not null,
      verb text not null,
      thing text not null,
      decision text not null check (decision in ('allowed', 'denied')),
      primary key (workspace_id, id)
    )`.execute(db);

  await sql`
    create table do_once (
      workspace_id text not null references workspace (id) on delete cascade,
      key text not null,
      at timestamptz not null,
      primary key (workspace_id, key)
    )`.execute(db);
  // Old keys are swept.
  await sql`create index do_once_at on do_once (at)`.execute(db);

  await sql`select accord_protect('workspace', 'id')`.execute(db);
  await sql`select accord_protect('audit', append_only => true), accord_protect('do_once')`.execute(db);
}

/**
 * Roles belong to the whole server, so another database's migration may be making them right now, and a hosted server
 * may not let us make any: then the policies below do without. The login role may become the two but has none of their
 * rights until it does.
 */
async function makeRoles(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function accord_may_become(role_name text) returns boolean language sql stable as $$
      select coalesce(
        (select pg_has_role(current_user, oid, case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end)
         from pg_roles where rolname = role_name),
        false)
    $$`.execute(db);

  await sql`
    do $$
    declare
      role_name text;
      only_on_request text := case when current_setting('server_version_num')::int >= 160000 then ' with inherit false, set true' else '' end;
    begin
      foreach role_name in array array['accord_listener', 'accord_tick'] loop
        begin
          if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I nologin', role_name);
          end if;
        exception when duplicate_object or unique_violation or insufficient_privilege then
        end;
        begin
          if not accord_may_become(role_name) then
            execute format('grant %I to current_user%s', role_name, only_on_request);
          end if;
        exception when undefined_object or insufficient_privilege or unique_violation or internal_error then
        end;
      end loop;
    end $$`.execute(db);
}

/**
 * `accord_protect` gives a table its guard: a listener sees one workspace, the tick all of them, and the owner nothing
 * unless it asks for '*'. Where there are no roles, the setting alone decides, for everybody.
 */
async function makeProtection(db: Kysely<unknown>): Promise<void> {
  // The first protected table decides for all later ones, whatever becomes of the roles.
  await sql`
    create function accord_uses_roles() returns boolean language plpgsql stable as $$
    begin
      if exists (select from pg_policy where polrelid = to_regclass('workspace')) then
        return exists (select from pg_policy where polrelid = to_regclass('workspace') and polname = 'tick');
      end if;
      return accord_may_become('accord_listener') and accord_may_become('accord_tick');
    end $$`.execute(db);

  await sql`
    create function accord_append_only() returns trigger language plpgsql as $$
    begin
      -- A whole workspace may go, which arrives here through its foreign key; single rows may not.
      if tg_op = 'DELETE' and pg_trigger_depth() > 1 then
        return old;
      end if;
      raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
    end $$`.execute(db);

  await sql`
    create function accord_protect(table_name regclass, workspace_column text default 'workspace_id', append_only boolean default false)
    returns void language plpgsql as $$
    declare
      own text := format('%I = current_setting(''accord.workspace'', true)', workspace_column);
      everything text := 'current_setting(''accord.workspace'', true) = ''*''';
      -- Before PostgreSQL 16 a member has its roles' rights unasked, so the policy looks at who acts.
      as_tick text := case when current_setting('server_version_num')::int >= 160000 then 'true' else 'current_user = ''accord_tick''' end;
    begin
      execute format('alter table %s enable row level security', table_name);
      execute format('alter table %s force row level security', table_name);
      if accord_uses_roles() then
        execute format('create policy listener on %s to accord_listener using (%s) with check (%2$s)', table_name, own);
        execute format('create policy tick on %s to accord_tick using (%s) with check (%2$s)', table_name, as_tick);
        execute format('create policy owner on %s to %I using (%s) with check (%3$s)', table_name, current_user, everything);
        execute format('grant select, insert%s on %s to accord_listener, accord_tick',
          case when append_only then '' else ', update, delete' end, table_name);
      else
        execute format('create policy everybody on %s using (%s or %s) with check (%2$s or %3$s)', table_name, own, everything);
      end if;
      if append_only then
        execute format('create trigger append_only before update or delete on %s for each row execute function accord_append_only()', table_name);
      end if;
    end $$`.execute(db);
}
