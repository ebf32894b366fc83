import type { NewMember } from '#contract/members.ts'
import { bytesToHex } from '#lib/bytes/index.ts'
import {
  bytesToBase64url,
  CURRENT_KDF,
  formatSheet,
  makePassphrase,
  makeSheet,
  makeStaffIdentity,
  makeStaffMethod,
  passphraseSecret,
  type RandomBytes,
  type Role,
  type RosterEntry,
  type StaffIdentity,
  type StaffMethod,
  sheetSecret,
} from '#lib/seal/index.ts'

export interface NewColleague {
  readonly handle: string
  readonly role: Role
  readonly langs: readonly string[]
}

/** Somebody who was set up, with what has to be given to her and to nobody else. */
export interface SetUpColleague {
  readonly handle: string
  readonly staff: string
  readonly entry: RosterEntry
  readonly identity: StaffIdentity
  readonly passphrase: string
  /** The printed recovery sheet, for the safe. */
  readonly sheet: string
}

/** A colleague with her ways of unlocking. */
export interface MadeColleague {
  readonly colleague: SetUpColleague
  readonly methods: readonly StaffMethod[]
}

/** Keys, passphrase and sheet of somebody new, her entry for the roster, and what the server keeps of her. */
export async function makeColleague(
  org: string,
  { handle, role, langs }: NewColleague,
  today: string,
  random: RandomBytes,
): Promise<MadeColleague> {
  const staff = newId(random)
  const identity = await makeStaffIdentity(today, random)
  const passphrase = makePassphrase(random)
  const salt = random(16)
  const sheet = makeSheet(random)
  const nameOf = () => ({ org, staff, methodId: newId(random), keyVersion: 1 })
  const phraseSecret = await passphraseSecret(passphrase, CURRENT_KDF, salt)
  const byPhrase = { kind: 'passphrase', kdf: CURRENT_KDF, salt } as const
  const methods = [
    makeStaffMethod(nameOf(), byPhrase, phraseSecret, identity, random),
    makeStaffMethod(nameOf(), { kind: 'sheet' }, sheetSecret(sheet), identity, random),
  ]
  const entry: RosterEntry = {
    id: newId(random),
    role,
    age: identity.age.recipient,
    sign: bytesToHex(identity.sign.publicKey),
    addr: newId(random),
    langs: [...langs],
    since: today,
  }
  return { colleague: { handle, staff, entry, identity, passphrase, sheet: formatSheet(sheet) }, methods }
}

/** What is sent of her. */
export function memberOf({ colleague, methods }: MadeColleague): NewMember {
  return { handle: colleague.handle, entry: colleague.entry.id, methods: [...methods] }
}

/** 16 random bytes as base64url. */
export function newId(random: RandomBytes): string {
  return bytesToBase64url(random(16))
}
