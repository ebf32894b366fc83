import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** What an authenticator's signatures are checked with. Rows of other kinds have none of it. */
export const passkeys: Migration = {
  id: '20261125T0350-passkeys',
  up: async (tx) => {
    await sql`
      alter table staff_methods
        add column credential_id bytea unique check (octet_length(credential_id) between 1 and 1023),
        add column credential_pk bytea,
        add column sign_count bigint check (sign_count between 0 and 4294967295),
        add constraint staff_methods_passkey check (
          (kind = 'passkey') = (credential_id is not null and credential_pk is not null and sign_count is not null))`.execute(
      tx,
    )
  },
}
