import { mkdir, readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import * as z from 'zod/mini'
import { base64ToBytes, bytesToBase64 } from '#lib/bytes/index.ts'
import { HASH_BYTES } from '#lib/tlog/index.ts'
import { OWNER_ONLY, readIfThere, replaceFile, syncFolder } from '../log-store/durable-file.ts'
import { parseJson } from '../log-store/settings.ts'
import { WitnessError } from './errors.ts'
import { originDigest } from './origin-digest.ts'

const seenSchema = z.strictObject({
  origin: z.string(),
  size: z.int().check(z.gte(0)),
  root: z.string().check(z.refine((text) => base64ToBytes(text)?.length === HASH_BYTES)),
  time: z.int().check(z.gte(1)),
  note: z.string(),
})

/** The checkpoint of a log that was co-signed last. */
export interface Seen {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  /** Seconds since 1970. */
  readonly time: number
  /** The note as the log signed it. */
  readonly note: string
}

/**
 * What the witness has co-signed last of each log. One process owns the folder. For one log, one change at a time.
 */
export class SeenCheckpoints {
  readonly #folder: string
  readonly #turns = new Map<string, Promise<unknown>>()

  constructor(state: string) {
    this.#folder = join(state, 'seen')
  }

  /** Null when nothing of this log was co-signed. Throws `WITNESS_STATE` for a damaged file: never a guess. */
  async find(digest: string): Promise<Seen | null> {
    const bytes = await readIfThere(join(this.#folder, `${digest}.json`))
    if (bytes === null) return null
    const parsed = seenSchema.safeParse(parseJson(bytes))
    const root = parsed.success ? base64ToBytes(parsed.data.root) : null
    if (!parsed.success || root === null || originDigest(parsed.data.origin) !== digest) {
      throw new WitnessError('WITNESS_STATE', `The file ${digest}.json is damaged. Its log is not co-signed.`)
    }
    return { ...parsed.data, root }
  }

  /**
   * Decides about one log by what was co-signed last, alone. When `decide` gives a new state, that is on the disk before
   * the promise resolves: only then may a signature be made.
   */
  async decide<Answer>(
    origin: string,
    decide: (last: Seen | null) => { next: Seen | null; answer: Answer },
  ): Promise<Answer> {
    const before = this.#turns.get(origin) ?? Promise.resolve()
    const turn = before.then(async () => {
      const digest = originDigest(origin)
      const { next, answer } = decide(await this.find(digest))
      if (next !== null) {
        const text = JSON.stringify({ ...next, root: bytesToBase64(next.root) })
        await replaceFile(join(this.#folder, `${digest}.json`), `${text}\n`, OWNER_ONLY)
      }
      return answer
    })
    const settled = turn.catch(() => undefined)
    this.#turns.set(origin, settled)
    void settled.then(() => {
      if (this.#turns.get(origin) === settled) this.#turns.delete(origin)
    })
    return turn
  }
}

/** Makes the folders of a witness's state, for their owner only. They outlast a power cut before anything is in them. */
export async function makeStateFolders(state: string): Promise<void> {
  for (const name of ['logs', 'seen', 'evidence']) {
    await mkdir(join(state, name), { recursive: true, mode: 0o700 })
  }
  await syncFolder(state)
  await syncFolder(dirname(resolve(state)))
}

/** How many requests of a log are kept as evidence. */
const MAX_EVIDENCE = 100

/** Keeps a signed request that contradicts what the log has signed before: whoever holds it can show it to others. */
export async function keepEvidence(
  state: string,
  kind: 'split-view' | 'inconsistent',
  origin: string,
  body: Uint8Array,
): Promise<string | null> {
  const folder = join(state, 'evidence')
  const prefix = `${originDigest(origin).slice(0, 16)}-`
  const kept = (await readdir(folder)).filter((name) => name.includes(prefix))
  const name = `${kind}-${prefix}${originDigest(Buffer.from(body).toString('latin1')).slice(0, 16)}.txt`
  if (kept.includes(name) || kept.length >= MAX_EVIDENCE) return null
  await replaceFile(join(folder, name), body, OWNER_ONLY)
  return name
}
