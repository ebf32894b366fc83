import * as z from 'zod/mini'
import { base64ToBytes, bytesToBase64, equalBytes } from '#lib/bytes/index.ts'
import { HASH_BYTES } from '#lib/tlog/index.ts'
import { OWNER_ONLY, readIfThere, replaceFile } from './durable-file.ts'
import { damaged, LogStoreError } from './errors.ts'
import { JournalWriter, readJournal, writeJournal } from './journal.ts'
import { parseJson } from './settings.ts'

const signedSchema = z.object({
  size: z.int().check(z.gte(0)),
  root: z.string().check(z.refine((text) => base64ToBytes(text)?.length === HASH_BYTES)),
  at: z.string(),
})

/** A size and root that the log may have signed. */
export interface Signed {
  readonly size: number
  readonly root: Uint8Array
  /** `YYYY-MM-DDTHH:MM:SSZ` */
  readonly at: string
}

const header = (origin: string) => ({ journal: 'signed', origin })

/**
 * Everything the log may ever have signed, on the disk before the key is used. What is not in here was never signed; for
 * each size there is one root. That is what keeps a killed log from telling two histories.
 */
export class SignedJournal {
  readonly #writer: JournalWriter
  #newest: Signed

  private constructor(writer: JournalWriter, newest: Signed) {
    this.#writer = writer
    this.#newest = newest
  }

  static async open(path: string, origin: string): Promise<SignedJournal> {
    const { lines, endOffset } = await readSigned(path, origin)
    const newest = lines.at(-1)
    if (newest === undefined) throw damaged('signed.jsonl', 'it is empty')
    return new SignedJournal(await JournalWriter.open(path, lines.length + 1, endOffset), newest)
  }

  get newest(): Signed {
    return this.#newest
  }

  /**
   * Returns when the size and root are on the disk and may be signed. Throws `LOG_SIGN_CONFLICT` for a smaller size than
   * before, and for the same size with another root.
   */
  async allow(next: Signed): Promise<void> {
    const { size, root } = this.#newest
    if (next.size < size || (next.size === size && !equalBytes(next.root, root))) {
      throw new LogStoreError(
        'LOG_SIGN_CONFLICT',
        `The log has signed size ${size} and was asked to sign size ${next.size} with what does not follow from it. Nothing was signed. Keep the folder as it is, and run: saksi log fsck`,
      )
    }
    if (next.size === size) return
    await this.#writer.append([{ size: next.size, root: bytesToBase64(next.root), at: next.at }])
    this.#newest = next
  }

  close(): Promise<void> {
    return this.#writer.close()
  }
}

export function createSigned(path: string, origin: string, first: Signed): Promise<void> {
  return writeJournal(path, header(origin), [{ ...first, root: bytesToBase64(first.root) }])
}

/** All rows, sizes growing. Throws `LOG_DAMAGED`. */
export async function readSigned(
  path: string,
  origin: string,
): Promise<{ lines: Signed[]; endOffset: number }> {
  const { lines, endOffset } = await readJournal(path, header(origin), (value) => {
    const parsed = signedSchema.safeParse(value)
    const root = parsed.success ? base64ToBytes(parsed.data.root) : null
    return parsed.success && root !== null ? { size: parsed.data.size, root, at: parsed.data.at } : null
  })
  const isGrowing = lines.every(({ size }, i) => i === 0 || size > (lines[i - 1]?.size ?? size))
  if (!isGrowing) throw damaged('signed.jsonl', 'its sizes do not grow')
  return { lines, endOffset }
}

const highWaterSchema = z.strictObject({ origin: z.string(), size: z.int().check(z.gte(0)) })

/** The largest size ever signed with the keys that lie beside it. Throws `LOG_DAMAGED`. */
export async function readHighWater(path: string, origin: string): Promise<number> {
  const bytes = await readIfThere(path)
  const parsed = highWaterSchema.safeParse(bytes === null ? null : parseJson(bytes))
  if (!parsed.success || parsed.data.origin !== origin) {
    throw damaged('signed-size.json', 'it is missing or not what Saksi writes')
  }
  return parsed.data.size
}

export function writeHighWater(path: string, origin: string, size: number): Promise<void> {
  return replaceFile(path, `${JSON.stringify({ origin, size })}\n`, OWNER_ONLY)
}
