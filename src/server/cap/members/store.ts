import type { StaffMethod } from '#lib/seal/index.ts'
import type { Db } from '../../database.ts'

const METHOD_FMT = 1

/** A handle as it is kept and looked up. */
export function nameOf(handle: string): string {
  return handle.normalize('NFKC').toLowerCase()
}

export async function insertMember(
  tx: Db,
  member: {
    readonly staff: string
    readonly handle: string
    readonly address: string
    readonly entry: string
    readonly methods: readonly StaffMethod[]
  },
): Promise<void> {
  const id = Buffer.from(member.staff, 'base64url')
  await tx
    .insertInto('staff')
    .values({
      id,
      handle: nameOf(member.handle),
      address: Buffer.from(member.address, 'base64url'),
      roster_entry: Buffer.from(member.entry, 'base64url'),
      state: 'active',
    })
    .execute()
  await tx
    .insertInto('staff_methods')
    .values(
      member.methods.map((method) => ({
        id: Buffer.from(method.methodId, 'base64url'),
        staff_id: id,
        kind: method.kind,
        key_version: method.keyVersion,
        kdf: method.kdf === undefined ? null : JSON.stringify(method.kdf),
        salt: method.salt === undefined ? null : Buffer.from(method.salt, 'base64url'),
        auth_pk: Buffer.from(method.authPk, 'hex'),
        box: Buffer.from(method.box, 'base64url'),
        fmt: METHOD_FMT,
      })),
    )
    .execute()
}

export interface FoundMethod {
  readonly method: StaffMethod
  readonly entry: string
}

/** The ways of unlocking of a handle whose holder works here. One statement whether there is such a handle or not. */
export async function findMethods(db: Db, handle: string): Promise<FoundMethod[]> {
  const rows = await db
    .selectFrom('staff')
    .innerJoin('staff_methods', 'staff_methods.staff_id', 'staff.id')
    .selectAll('staff_methods')
    .select('staff.roster_entry')
    .where('staff.handle', '=', nameOf(handle))
    .where('staff.state', '=', 'active')
    .orderBy('staff_methods.id')
    .execute()
  return rows.map((row) => ({
    entry: row.roster_entry.toString('base64url'),
    method: {
      fmt: 1,
      staff: row.staff_id.toString('base64url'),
      methodId: row.id.toString('base64url'),
      kind: row.kind,
      keyVersion: row.key_version,
      ...(row.kdf !== null && { kdf: row.kdf }),
      ...(row.salt !== null && { salt: row.salt.toString('base64url') }),
      authPk: row.auth_pk.toString('hex'),
      box: row.box.toString('base64url'),
    },
  }))
}

export interface KeptRoster {
  readonly version: number
  readonly note: string
  readonly proof: string | null
  readonly opening: string
  readonly receipt: string
}

/** The newest roster, or null before the organisation is set up. */
export async function newestRoster(db: Db): Promise<KeptRoster | null> {
  const found = await db
    .selectFrom('rosters')
    .select(['version', 'note', 'proof', 'opening', 'receipt'])
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return found ?? null
}
