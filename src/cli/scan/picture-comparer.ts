import { createHash } from 'node:crypto'
import type { Match, MatchRule } from '#domain/index.ts'
import { AppError } from '#lib/errors/index.ts'
import type { BankMatcher } from '../bank-file/index.ts'
import type { DecodeMode, DecodePool, PictureResult } from '../decode/index.ts'
import type { LocalTree } from '../source/index.ts'

/** What comparing one picture file gave. */
export interface Comparison {
  /** Null when the file could not be read at all. */
  sha256: string | null
  /** Why it could not be decoded; null when it was. A file that was read is still compared by its digest. */
  errorCode: string | null
  isPartial: boolean
  /** No print of it says enough. */
  isTooPlain: boolean
  areWindowsCompared: boolean
  hasLookedTwice: boolean
  matches: readonly Match<MatchRule>[]
}

export interface ComparerParts {
  tree: LocalTree
  pool: DecodePool
  mode: DecodeMode
  matcher: BankMatcher
}

const MAX_PICTURE_BYTES = 60_000_000
/** What is remembered of files takes some hundred bytes each. */
const MAX_REMEMBERED = 100_000

/** Compares picture files with a bank. Files with the same bytes are decoded and compared once, however many show them. */
export class PictureComparer {
  /** Processor time of the parts that are ours, milliseconds. */
  readonly timing = { printMs: 0, matchMs: 0 }
  readonly #parts: ComparerParts
  readonly #known = new Map<string, Promise<Comparison>>()

  constructor(parts: ComparerParts) {
    this.#parts = parts
  }

  /** Never rejects for one picture: an unreadable one must not end the scan of the others. */
  async compare(path: string): Promise<Comparison> {
    let bytes: Uint8Array
    try {
      bytes = await this.#parts.tree.read(path, MAX_PICTURE_BYTES)
    } catch (error) {
      // Also an archive whose entry is damaged.
      if (!(error instanceof AppError)) throw error
      return this.#comparison({ ok: false, failure: { sha256: null, md5: null, error: unreadable(error) } })
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const known = this.#known.get(sha256)
    if (known) return await known
    const comparing = this.#decode(bytes).then((result) => this.#comparison(result))
    this.#remember(sha256, comparing)
    const comparison = await comparing
    // A reader that stopped may have done so for another picture: the next copy gets its own chance.
    if (comparison.errorCode !== null) this.#known.delete(sha256)
    return comparison
  }

  async #decode(bytes: Uint8Array): Promise<PictureResult> {
    const { pool, mode } = this.#parts
    try {
      return await pool.run({ bytes: Uint8Array.from(bytes), mode, plan: 'query' })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { ok: false, failure: { sha256: null, md5: null, error: unreadable(error) } }
    }
  }

  #comparison(result: PictureResult): Comparison {
    const { sha256, md5 } = result.ok ? result.picture : result.failure
    const { prints, sightings, isPartial, hasLookedTwice } = result.ok ? result.picture : NOTHING
    if (result.ok) this.timing.printMs += result.picture.printMs
    const startedMs = performance.now()
    const matches =
      sha256 === null || md5 === null ? [] : this.#parts.matcher.match(prints, { sha256, md5 }, sightings)
    this.timing.matchMs += performance.now() - startedMs
    return {
      sha256,
      errorCode: result.ok ? null : result.failure.error.code,
      isPartial: isPartial === true,
      isTooPlain: prints.every((print) => !print.usable),
      areWindowsCompared: sightings !== undefined,
      hasLookedTwice: hasLookedTwice === true,
      matches,
    }
  }

  #remember(sha256: string, comparing: Promise<Comparison>): void {
    const [oldest] = this.#known.keys()
    if (oldest !== undefined && this.#known.size >= MAX_REMEMBERED) this.#known.delete(oldest)
    this.#known.set(sha256, comparing)
  }
}

const NOTHING = { prints: [], sightings: undefined, isPartial: undefined, hasLookedTwice: undefined } as const

function unreadable({ message }: AppError): { code: 'FILE_UNREADABLE'; message: string } {
  return { code: 'FILE_UNREADABLE', message }
}
