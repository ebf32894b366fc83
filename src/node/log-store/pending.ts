import * as z from 'zod/mini'
import { JournalWriter, readJournal, writeJournal } from './journal.ts'

/** More are refused until the next checkpoint: the client asks again with the same commitment. */
export const MAX_PENDING = 100_000

const pendingSchema = z.object({
  /** Base64 of 32 bytes: of the last group's 18 bits two have to be 0. By pattern, because there may be 100,000 lines. */
  commitment: z.string().check(z.regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/)),
  manifestSha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  receivedOn: z.string(),
  mergeBy: z.string(),
  /** The id of a record whose opening is to be published, else null. */
  publicRecord: z.nullable(z.string().check(z.regex(/^[0-9a-f]{32}$/))),
})

/** A commitment that was accepted, with what its interim receipt says. */
export type Pending = Omit<z.infer<typeof pendingSchema>, 'n' | 'crc'>

const header = (origin: string) => ({ journal: 'pending', origin })

/** What was accepted and waits for a checkpoint, on the disk before anybody is told. */
export class PendingJournal {
  readonly #path: string
  readonly #origin: string
  #writer: JournalWriter
  #waiting: Map<string, Pending>

  private constructor(path: string, origin: string, writer: JournalWriter, waiting: Map<string, Pending>) {
    this.#path = path
    this.#origin = origin
    this.#writer = writer
    this.#waiting = waiting
  }

  static async open(path: string, origin: string): Promise<PendingJournal> {
    const { lines, endOffset } = await readPending(path, origin)
    const writer = await JournalWriter.open(path, lines.length + 1, endOffset)
    return new PendingJournal(path, origin, writer, new Map(lines.map((line) => [line.commitment, line])))
  }

  get waiting(): ReadonlyMap<string, Pending> {
    return this.#waiting
  }

  /** Returns when they are on the disk, all with one wait for it. */
  async add(entries: readonly Pending[]): Promise<void> {
    await this.#writer.append(entries)
    for (const pending of entries) this.#waiting.set(pending.commitment, pending)
  }

  /** Takes out what is in the signed tree. */
  async forget(commitments: readonly string[]): Promise<void> {
    const logged = new Set(commitments)
    const waiting = [...this.#waiting.values()].filter(({ commitment }) => !logged.has(commitment))
    if (waiting.length === this.#waiting.size) return
    await this.#writer.close()
    await writePending(this.#path, this.#origin, waiting)
    const { lines, endOffset } = await readPending(this.#path, this.#origin)
    this.#writer = await JournalWriter.open(this.#path, lines.length + 1, endOffset)
    this.#waiting = new Map(lines.map((line) => [line.commitment, line]))
  }

  close(): Promise<void> {
    return this.#writer.close()
  }
}

/** Puts the journal in place of the one that is there: at the beginning, and when a batch is in the tree. */
export function writePending(path: string, origin: string, waiting: readonly Pending[]): Promise<void> {
  return writeJournal(path, header(origin), waiting)
}

/** Throws `LOG_DAMAGED`. */
export function readPending(path: string, origin: string): Promise<{ lines: Pending[]; endOffset: number }> {
  return readJournal(path, header(origin), (value) => {
    const parsed = pendingSchema.safeParse(value)
    return parsed.success ? parsed.data : null
  })
}
