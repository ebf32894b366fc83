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
 * The rule of signing: a size gets one root, ever, and sizes grow. `newest` is the last row of everything that may ever
 * have been signed, which is durable before the key is used: that is what keeps a killed log from telling two histories.
 * Throws `LOG_SIGN_CONFLICT` for a smaller size than before, and for the same size with another root.
 */
export function assertFollows(newest: Signed, next: Signed): void {
  const { size, root } = newest
  if (next.size > size || (next.size === size && equalBytes(next.root, root))) return
  throw new LogStoreError(
    'LOG_SIGN_CONFLICT',
    `The log has signed size ${size} and was asked to sign size ${next.size} with what does not follow from it. Nothing was signed. Keep everything as it is, and run: saksi log fsck`,
  )
}

/** The last of the rows. Throws `LOG_DAMAGED` when there is none: a log begins with the empty tree. */
export function newestOf(rows: readonly Signed[]): Signed {
  const newest = rows.at(-1)
  if (newest === undefined) throw damaged('list of what was signed', 'it is empty')
  return newest
}

/** The list of what was signed, in a file. */
export class SignedJournal {
  readonly #writer: JournalWriter

  private constructor(writer: JournalWriter) {
    this.#writer = writer
  }

  static async open(path: string, origin: string): Promise<SignedJournal> {
    const { lines, endOffset } = await readSigned(path, origin)
    return new SignedJournal(await JournalWriter.open(path, lines.length + 1, endOffset))
  }

  /** Returns when the row is on the disk. */
  add({ size, root, at }: Signed): Promise<void> {
    return this.#writer.append([{ size, root: bytesToBase64(root), at }])
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
  assertGrowing(lines)
  return { lines, endOffset }
}

/** Throws `LOG_DAMAGED`. */
export function assertGrowing(rows: readonly Signed[]): void {
  const isGrowing = rows.every(({ size }, i) => i === 0 || size > (rows[i - 1]?.size ?? size))
  if (!isGrowing) throw damaged('list of what was signed', 'its sizes do not grow')
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
