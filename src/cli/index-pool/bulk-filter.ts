import { MATCH_RADIUS } from '#domain/index.ts'
import { fromHex } from '#lib/phash/index.ts'
import { PoolError } from './errors.ts'
import { IndexPool } from './index-pool.ts'

const PRINT_BYTES = 32

/**
 * Tells, by threads, which of many prints have a registered one within the radius at all: few have, and only those need be
 * decided by the matcher. It takes some 300 bytes a registered print. `close` when done.
 */
export class BulkFilter {
  readonly #pool: IndexPool
  readonly #built: Promise<void>

  private constructor(pool: IndexPool, registered: Uint8Array) {
    this.#pool = pool
    const ids = Uint32Array.from({ length: registered.length / PRINT_BYTES }, (_, n) => n)
    this.#built = pool.addMany(ids, registered)
  }

  /** `registered`: prints as hexadecimal digits. Throws `FingerprintError` BAD_HEX, `RadiusError` BAD_OPTIONS. */
  static over(registered: Iterable<string>, workers: number, workerUrl: URL): BulkFilter {
    return new BulkFilter(new IndexPool({ workers, workerUrl }), bytesOf([...registered]))
  }

  /**
   * For each print, false when nothing registered is within the radius; null is no print and gives false. When the threads
   * give up, everything may match: the answers are then as right, only not as quick. Throws as `IndexPool.addMany`.
   */
  async mayMatch(prints: readonly (string | null)[]): Promise<boolean[]> {
    await this.#built
    const asked = prints.filter((print) => print !== null)
    let hasHits: boolean[]
    try {
      const answers = await this.#pool.queryMany(bytesOf(asked), MATCH_RADIUS)
      hasHits = answers.map((hits) => hits.length > 0)
    } catch (error) {
      if (!(error instanceof PoolError && error.code === 'POOL_BROKEN')) throw error
      hasHits = asked.map(() => true)
    }
    let next = 0
    return prints.map((print) => print !== null && (hasHits[next++] ?? true))
  }

  async close(): Promise<void> {
    await this.#pool.close()
  }
}

function bytesOf(prints: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(prints.length * PRINT_BYTES)
  for (const [n, print] of prints.entries()) bytes.set(fromHex(print), n * PRINT_BYTES)
  return bytes
}
