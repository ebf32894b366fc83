import {
  type AgeIdentity,
  hybridIdentityOf,
  openBytes,
  openContext,
  openHit,
  openIdentityBox,
  parseIdentity,
  SealError,
  x25519IdentityOf,
} from '#lib/seal/index.ts'
import type { Cell } from './dump.ts'
import type { Loot } from './search.ts'

const SEED_BYTES = 32
const ROW_ID_BYTES = 16
const HIT_LIST_ENTRY_BYTES = 136
const AGE_HEAD = 'age-encryption.org/v1'

/** Everything in these files and cells that could be a key of 32 bytes: as it lies there, in hexadecimal digits, in base64. */
export function seedsIn(loot: readonly Loot[]): Buffer[] {
  const found = new Map<string, Buffer>()
  const add = (bytes: Buffer): void => {
    // A key may stand behind a byte or two that say what it is.
    for (let at = 0; at + SEED_BYTES <= Math.min(bytes.length, SEED_BYTES + 16); at++) {
      const seed = bytes.subarray(at, at + SEED_BYTES)
      found.set(seed.toString('hex'), seed)
    }
  }
  for (const { bytes } of loot) {
    if (bytes.length === SEED_BYTES) add(bytes)
    const text = bytes.toString('latin1')
    for (const [digits] of text.matchAll(/[0-9a-f]{64,}/gi)) add(Buffer.from(digits, 'hex'))
    for (const [written] of text.matchAll(/[A-Za-z0-9+/_-]{43,88}/g)) add(Buffer.from(written, 'base64'))
  }
  return [...found.values()]
}

/** These as keys that open age files, of both kinds, and those that are written as such. */
export async function identitiesOf(seeds: readonly Buffer[], loot: readonly Loot[]): Promise<AgeIdentity[]> {
  const made = seeds.flatMap((seed) => [
    hybridIdentityOf(new Uint8Array(seed)),
    Promise.resolve(x25519IdentityOf(new Uint8Array(seed))),
  ])
  const written = loot.flatMap(({ bytes }) => [
    ...bytes.toString('latin1').matchAll(/AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]+/gi),
  ])
  const parsed = written.map(([text]) => parseIdentity(text).catch(() => null))
  return [...(await Promise.all(made)), ...(await Promise.all(parsed)).filter((one) => one !== null)]
}

/** Names of the age files among these that one of the identities opens, or begins to. */
export async function openedBy(
  identities: readonly AgeIdentity[],
  files: readonly Loot[],
): Promise<string[]> {
  const opened: string[] = []
  for (const { name, bytes } of files) {
    try {
      await openBytes(new Uint8Array(bytes), identities)
      opened.push(name)
    } catch (error) {
      // What was cut is refused as broken only after a key fitted.
      if (!(error instanceof SealError) || error.code !== 'SEAL_NOT_FOR_THIS_KEY') opened.push(name)
    }
  }
  return opened
}

export const isAgeFile = ({ bytes }: Pick<Loot, 'bytes'>): boolean =>
  bytes.subarray(0, AGE_HEAD.length).toString('latin1') === AGE_HEAD

/** Contexts of sightings that one of these keys opens. */
export function contextsOpenedBy(keys: readonly Buffer[], cells: readonly Cell[]): string[] {
  return cells
    .filter(({ table, column }) => table === 'sightings' && column === 'context')
    .filter(({ bytes }) =>
      keys.some((key) => succeeds(() => openContext(new Uint8Array(bytes), new Uint8Array(key)))),
    )
    .map(({ ctid }) => ctid)
}

/** Hits in the lists that somebody can read who takes these for ids of rows. */
export function hitsOpenedBy(rowIds: readonly Buffer[], cells: readonly Cell[]): number {
  const ids = rowIds.filter(({ length }) => length === ROW_ID_BYTES).map((id) => new Uint8Array(id))
  let opened = 0
  for (const { bytes } of cells.filter(({ table, column }) => table === 'hit_lists' && column === 'body')) {
    for (let at = 0; at + HIT_LIST_ENTRY_BYTES <= bytes.length; at += HIT_LIST_ENTRY_BYTES) {
      const sealed = new Uint8Array(bytes.subarray(at, at + HIT_LIST_ENTRY_BYTES))
      if (ids.some((id) => succeeds(() => openHit(id, sealed)))) opened++
    }
  }
  return opened
}

/** Ids of the ways of unlocking whose sealed box of keys one of these keys opens. */
export async function boxesOpenedBy(
  keys: readonly Buffer[],
  cells: readonly Cell[],
  org: string,
): Promise<string[]> {
  const opened: string[] = []
  const boxes = cells.filter(({ table, column }) => table === 'staff_methods' && column === 'box')
  for (const box of boxes) {
    const of = (column: string) =>
      cells.find((one) => one.table === box.table && one.ctid === box.ctid && one.column === column)?.bytes ??
      Buffer.alloc(0)
    const [methodId, staff] = [of('id').toString('base64url'), of('staff_id').toString('base64url')]
    const name = { org, staff, methodId, keyVersion: Number(of('key_version').toString()) }
    for (const key of keys) {
      const isOpened = await openIdentityBox(
        new Uint8Array(box.bytes),
        { boxKey: new Uint8Array(key) },
        name,
      ).then(
        () => true,
        () => false,
      )
      if (isOpened) opened.push(methodId)
    }
  }
  return opened
}

function succeeds(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (error instanceof SealError) return false
    throw error
  }
}
