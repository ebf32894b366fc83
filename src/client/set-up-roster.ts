import type { BankBox } from '#contract/members.ts'
import { bytesToBase64, bytesToHex, utf8ToText } from '#lib/bytes/index.ts'
import {
  type AgeIdentity,
  type RandomBytes,
  type Role,
  type RosterEntry,
  rosterDigest,
  sealWrap,
} from '#lib/seal/index.ts'
import { formatOpening } from '#lib/tlog/index.ts'
import { newId } from './set-up-colleague.ts'

const DAY_MS = 86_400_000
const ROSTER_DAYS = 31
/** Who may open the matcher. */
export const BANK_ROLES: readonly Role[] = ['supervisor', 'match-officer']

/** First and last day of a roster that is made now: it lives as long as it may. */
export function rosterDays(now: Date): { readonly iss: string; readonly exp: string } {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10)
  return { iss: day(now.getTime()), exp: day(now.getTime() + ROSTER_DAYS * DAY_MS) }
}

/** The bank's identity for each of these who may open the matcher, as a wrap of no case. */
export async function bankBoxes(
  bank: AgeIdentity,
  entries: readonly RosterEntry[],
  random: RandomBytes,
): Promise<BankBox[]> {
  const key = { caseRef: newId(random), epoch: 1, identity: bank }
  const boxes: BankBox[] = []
  for (const { addr, age, role } of entries) {
    if (!BANK_ROLES.includes(role)) continue
    boxes.push({ address: addr, body: bytesToBase64(await sealWrap(key, age)) })
  }
  return boxes
}

/** The public record that there is this roster, with the salt that makes it a commitment, in canonical form. */
export function rosterOpening(
  text: string,
  version: number,
  { log, now, random }: { readonly log: string; readonly now: Date; readonly random: RandomBytes },
): string {
  const bytes = formatOpening({
    salt: random(32),
    record: {
      v: 1,
      type: 'roster.changed',
      id: bytesToHex(random(16)),
      log,
      at: `${now.toISOString().slice(0, 19)}Z`,
      by: { role: 'system', key: 'system' },
      body: { rosterSha256: rosterDigest(text), version },
    },
  })
  return utf8ToText(bytes) ?? ''
}
