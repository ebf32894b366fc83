import { mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { equalBytes } from '#lib/bytes/index.ts'
import { canonicalRecord, formatOpening, type Opening, parseOpening } from '#lib/tlog/index.ts'
import { isMissing } from '../is-missing.ts'
import {
  namesIn,
  OWNER_ONLY,
  readIfThere,
  readPieces,
  replaceFile,
  replaceFileByParts,
  syncFolder,
} from './durable-file.ts'
import { damaged, LogStoreError, writeFailed } from './errors.ts'
import { linesOfParts, partsOfLines } from './item-lines.ts'
import type { OpeningStore } from './storage.ts'

export const RECORD_ID = /^[0-9a-f]{32}$/
const PADS = 'pads'
const ITEMS = 'items'
const ZEROS_BYTES = 1024 * 1024
/** For so long an auditor can see that fill was fill. */
export const KEEP_PADS_MS = 90 * 24 * 60 * 60 * 1000

/**
 * Records with their salts, one file each, named by the random id of the record. They lie apart from the log, which holds
 * commitments only: without the opening nobody can tell what a leaf stands for, and a guess cannot be tested.
 */
export class Openings implements OpeningStore {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Stores an opening and returns when it is on the disk. When a record of this id is there already, its own opening is
   * given back, so that the same record never gets a second salt; with another record it is `LOG_RECORD_CONFLICT`.
   */
  async keep(opening: Opening): Promise<Opening> {
    const { id } = opening.record
    const former = await this.find(id)
    if (former !== null) {
      assertSameRecord(former, opening)
      return former
    }
    await replaceFile(this.#path(id), formatOpening(opening), OWNER_ONLY)
    return opening
  }

  /** The opening of a record, or null when it was never here or has been erased. Throws `LOG_DAMAGED`. */
  async find(id: string): Promise<Opening | null> {
    if (!RECORD_ID.test(id)) return null
    const bytes = await readIfThere(this.#path(id))
    if (bytes === null) return null
    try {
      return parseOpening(bytes)
    } catch (cause) {
      throw damaged(`${id}.json`, 'it is no opening', cause)
    }
  }

  /**
   * Destroys an opening: written over, then removed; false when there is none. Copies of the disk, and what the hardware
   * keeps of replaced blocks, are beyond its reach.
   */
  async erase(id: string): Promise<boolean> {
    return RECORD_ID.test(id) && (await destroy(this.#path(id), this.#folder))
  }

  /** Destroys the items of a collection alike. */
  async eraseItems(collection: string): Promise<boolean> {
    return (
      RECORD_ID.test(collection) && (await destroy(this.#itemsPath(collection), join(this.#folder, ITEMS)))
    )
  }

  /** Ids of the records that can be opened. */
  async list(): Promise<string[]> {
    const names = await namesIn(this.#folder)
    return names
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length))
      .filter((id) => RECORD_ID.test(id))
  }

  /** Keeps the items of a sealed collection with their salts, see `itemLines`. */
  async keepItems(collection: string, lines: Iterable<string>): Promise<void> {
    await replaceFileByParts(this.#itemsPath(collection), partsOfLines(lines), OWNER_ONLY)
  }

  /** The lines that were kept, in order; none when there are none, or they were erased. */
  async *readItems(collection: string): AsyncGenerator<string, void> {
    if (!RECORD_ID.test(collection)) return
    yield* linesOfParts(readPieces(this.#itemsPath(collection)), collection)
  }

  /** Keeps the openings of the fill of a batch, see `formatPads`. */
  async keepPads(from: number, text: string): Promise<void> {
    await replaceFile(join(this.#folder, PADS, `${from}.jsonl`), text, OWNER_ONLY)
  }

  /** Removes the openings of fill that is older than 90 days. */
  async expirePads(now: Date): Promise<void> {
    const folder = join(this.#folder, PADS)
    for (const name of await namesIn(folder)) {
      try {
        const { mtimeMs } = await stat(join(folder, name))
        if (now.getTime() - mtimeMs > KEEP_PADS_MS) await rm(join(folder, name), { force: true })
      } catch (error) {
        throw writeFailed(error)
      }
    }
  }

  /** Makes the folders, for their owner only. */
  static async create(folder: string): Promise<void> {
    for (const name of [PADS, ITEMS]) await mkdir(join(folder, name), { recursive: true, mode: 0o700 })
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`)
  }

  #itemsPath(collection: string): string {
    return join(this.#folder, ITEMS, `${collection}.jsonl`)
  }
}

/** Throws `LOG_RECORD_CONFLICT` unless both are openings of one record. */
export function assertSameRecord(former: Opening, opening: Opening): void {
  if (equalBytes(canonicalRecord(former.record), canonicalRecord(opening.record))) return
  throw new LogStoreError(
    'LOG_RECORD_CONFLICT',
    'The log has another record with this id. Nothing was written. Records never change: make a new one with an id of its own.',
  )
}

async function destroy(path: string, folder: string): Promise<boolean> {
  try {
    const { size } = await stat(path)
    const file = await open(path, 'r+')
    try {
      const zeros = Buffer.alloc(Math.min(size, ZEROS_BYTES))
      for (let at = 0; at < size; at += zeros.length) {
        await file.write(zeros, 0, Math.min(zeros.length, size - at), at)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await rm(path)
  } catch (error) {
    if (isMissing(error)) return false
    throw writeFailed(error)
  }
  await syncFolder(folder)
  return true
}
