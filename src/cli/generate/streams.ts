import { createHash } from 'node:crypto'
import { Random } from '#lib/scenes/index.ts'

/**
 * The random stream of a seed for one concern, such as `/text` or `/time`: an option that draws from one does not shift
 * the others. State: the first 16 bytes of SHA-256 over `saksi-gen/v1`, a line feed, the seed and the concern.
 */
export function randomFor(seed: string, concern: '' | `/${string}`): Random {
  const digest = createHash('sha256').update(`saksi-gen/v1\n${seed}${concern}`).digest()
  return new Random(digest.subarray(0, 16))
}
