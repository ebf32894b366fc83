import { base64ToBytes, bytesToBase64, equalBytes } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { assertHash, emptyRoot, HASH_BYTES } from '../tree/hashing.ts'
import { assertSize, parseDecimal } from '../tree/size.ts'

/** A checkpoint (C2SP tlog-checkpoint): the log `origin` had `size` leaves under `root`. */
export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

/** A checkpoint of another log, with what it says beyond ours. Co-signatures cover the extension lines. */
export interface ForeignCheckpoint extends Checkpoint {
  readonly extensions: readonly string[]
}

/** True for the origin of a log of ours: a URL without its scheme, in visible ASCII without a plus sign. */
export function isOrigin(origin: string): boolean {
  return /^[!-*,-~]{1,255}$/.test(origin)
}

/**
 * The text of a checkpoint, which is what gets signed; never with extension lines. Throws `CHECKPOINT_MALFORMED` for an
 * origin that is none of ours, `CHECKPOINT_EMPTY_ROOT`, `TREE_RANGE`, `HASH_LENGTH`.
 */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (!isOrigin(origin)) throw malformed('its origin has a space, a plus sign or is not ASCII')
  assertSize(size)
  assertHash(root)
  checkEmptyRoot({ origin, size, root })
  return `${origin}\n${size}\n${bytesToBase64(root)}\n`
}

/**
 * Reads the text of a checkpoint of our kind of log. Throws `CHECKPOINT_MALFORMED`, `CHECKPOINT_EXTENSION` for lines
 * after the root, `CHECKPOINT_EMPTY_ROOT` for size 0 with a root of something.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const { origin, size, root, extensions } = parseForeignCheckpoint(text)
  if (!isOrigin(origin)) throw malformed('its origin has a space, a plus sign or is not ASCII')
  if (extensions.length > 0) throw new TlogError('CHECKPOINT_EXTENSION', 'the checkpoint has extension lines')
  checkEmptyRoot({ origin, size, root })
  return { origin, size, root }
}

/**
 * Reads the text of any log's checkpoint, as a witness must: extension lines are kept, and the root of an empty tree is
 * left for `checkEmptyRoot`. Throws `CHECKPOINT_MALFORMED`.
 */
export function parseForeignCheckpoint(text: string): ForeignCheckpoint {
  const [origin = '', sizeLine = '', rootLine = '', ...rest] = text.split('\n')
  const size = parseDecimal(sizeLine)
  const root = base64ToBytes(rootLine)
  if (rest.pop() !== '') throw malformed('it does not end after a line')
  if (origin === '' || rest.includes('')) throw malformed('a line is empty')
  if (size === null) throw malformed('its size is no decimal number in reach')
  if (root?.length !== HASH_BYTES) throw malformed('its root is not the base64 of 32 bytes')
  return { origin, size, root, extensions: rest }
}

/** Throws `CHECKPOINT_EMPTY_ROOT` when a checkpoint of size 0 has another root than the empty tree. */
export function checkEmptyRoot({ size, root }: Checkpoint): void {
  if (size === 0 && !equalBytes(root, emptyRoot())) {
    throw new TlogError('CHECKPOINT_EMPTY_ROOT', 'a tree of no leaves has one root only')
  }
}

function malformed(what: string): TlogError {
  return new TlogError('CHECKPOINT_MALFORMED', `not a checkpoint: ${what}`)
}
