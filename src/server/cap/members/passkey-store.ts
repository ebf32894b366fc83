import type { StaffMethod } from '#lib/seal/index.ts'
import type { Db } from '../../database.ts'

const METHOD_FMT = 1
/** Ways of unlocking of one person. */
const MAX_METHODS = 8

export interface Credential {
  readonly id: Buffer
  readonly publicKey: Buffer
  readonly signCount: number
}

/** False when the passkey or the way of unlocking is there already, or there are too many; nothing is changed then. */
export async function insertPasskey(
  tx: Db,
  method: StaffMethod,
  { id, publicKey, signCount }: Credential,
): Promise<boolean> {
  const staffId = Buffer.from(method.staff, 'base64url')
  // Held until the end, so that two that come together are counted one after the other.
  await tx.selectFrom('staff').select('id').where('id', '=', staffId).forUpdate().execute()
  const own = await tx.selectFrom('staff_methods').select('id').where('staff_id', '=', staffId).execute()
  if (own.length >= MAX_METHODS) return false
  const inserted = await tx
    .insertInto('staff_methods')
    .values({
      id: Buffer.from(method.methodId, 'base64url'),
      staff_id: staffId,
      kind: 'passkey',
      key_version: method.keyVersion,
      kdf: null,
      salt: null,
      auth_pk: Buffer.from(method.authPk, 'hex'),
      box: Buffer.from(method.box, 'base64url'),
      credential_id: id,
      credential_pk: publicKey,
      sign_count: signCount,
      fmt: METHOD_FMT,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

export async function deletePasskey(db: Db, staffId: Buffer, methodId: string): Promise<void> {
  await db
    .deleteFrom('staff_methods')
    .where('id', '=', Buffer.from(methodId, 'base64url'))
    .where('staff_id', '=', staffId)
    .where('kind', '=', 'passkey')
    .execute()
}

export async function passkeysOf(db: Db, staffId: Buffer): Promise<{ id: Buffer; credential_id: Buffer }[]> {
  const rows = await db
    .selectFrom('staff_methods')
    .select(['id', 'credential_id'])
    .where('staff_id', '=', staffId)
    .orderBy('id')
    .execute()
  return rows.flatMap(({ id, credential_id }) => (credential_id === null ? [] : [{ id, credential_id }]))
}

export interface FoundPasskey {
  readonly method: StaffMethod
  readonly entry: string
  readonly credential: Credential
}

/** The passkey with this credential id, of somebody who works here; kept from being used twice at once. */
export async function lockPasskey(tx: Db, credentialId: Buffer): Promise<FoundPasskey | null> {
  const row = await tx
    .selectFrom('staff_methods')
    .innerJoin('staff', 'staff.id', 'staff_methods.staff_id')
    .selectAll('staff_methods')
    .select('staff.roster_entry')
    .where('staff_methods.credential_id', '=', credentialId)
    .where('staff.state', '=', 'active')
    .forUpdate('staff_methods')
    .executeTakeFirst()
  if (row === undefined || row.credential_id === null || row.credential_pk === null) return null
  return {
    entry: row.roster_entry.toString('base64url'),
    credential: {
      id: row.credential_id,
      publicKey: row.credential_pk,
      signCount: Number(row.sign_count),
    },
    method: {
      fmt: 1,
      staff: row.staff_id.toString('base64url'),
      methodId: row.id.toString('base64url'),
      kind: 'passkey',
      keyVersion: row.key_version,
      authPk: row.auth_pk.toString('hex'),
      box: row.box.toString('base64url'),
    },
  }
}

export async function setSignCount(tx: Db, credentialId: Buffer, signCount: number): Promise<void> {
  await tx
    .updateTable('staff_methods')
    .set({ sign_count: signCount })
    .where('credential_id', '=', credentialId)
    .execute()
}
