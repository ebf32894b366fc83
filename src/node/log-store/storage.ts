import type { Opening } from '#lib/tlog/index.ts'
import type { Batch } from './batch.ts'
import type { Halt } from './halt.ts'
import type { Pending } from './pending.ts'
import type { Signed } from './signed.ts'

/** Reads what a log serves by its path under the log's prefix (C2SP tlog-tiles); null when it is not there. */
export type ReadResource = (path: string) => Promise<Uint8Array | null>

/** What is written once under its path and never changed: tiles, entry bundles, public openings. */
export interface Resource {
  readonly path: string
  readonly bytes: Uint8Array
}

/** What is replaced, in one step, by a newer one. */
export type MutableResource = 'checkpoint' | 'policy'

/** Where accepted commitments wait, and where logged ones are found again. Commitments are in base64. */
export interface AcceptedEntries {
  /** Those of the commitments that are in the signed tree, with their index. */
  findLogged(commitments: readonly string[]): Promise<ReadonlyMap<string, number>>
  findPending(commitments: readonly string[]): Promise<ReadonlyMap<string, Pending>>
  countPending(): Promise<number>
  /** Returns when they cannot be lost; in a transaction of the caller's, when that is committed. */
  addPending(entries: readonly Pending[]): Promise<void>
}

/** Records with their salts, the fill of batches, and items of collections: private to whoever runs the log. */
export interface OpeningStore {
  /**
   * Stores an opening. When a record of this id is there already, its own opening is given back, so that the same record
   * never gets a second salt; with another record it is `LOG_RECORD_CONFLICT`.
   */
  keep(opening: Opening): Promise<Opening>
  /** Null when it was never here or has been erased. Throws `LOG_DAMAGED`. */
  find(id: string): Promise<Opening | null>
  /** Destroys an opening; false when there is none. What backups hold is beyond its reach. */
  erase(id: string): Promise<boolean>
  eraseItems(collection: string): Promise<boolean>
  /** Ids of the records that can be opened. */
  list(): Promise<string[]>
  /** Keeps the items of a collection with their salts; see `itemLines`. */
  keepItems(collection: string, lines: Iterable<string>): Promise<void>
  /**
   * The lines that were kept, in order, never all in memory; none when they were erased, or never here. Throws
   * `LOG_DAMAGED` when they are no lines.
   */
  readItems(collection: string): AsyncGenerator<string, void>
  keepPads(from: number, text: string): Promise<void>
  expirePads(now: Date): Promise<void>
}

/**
 * What a log keeps, but for its private keys, in a folder or in PostgreSQL. Reading takes no lock. The rules of a log are
 * not in here: they are the same for both.
 */
export interface LogStorage {
  readonly read: ReadResource
  readonly openings: OpeningStore
  /** Those of the commitments, in base64, that are in the tree of this size, with their index. */
  find(commitments: readonly string[], size: number): Promise<ReadonlyMap<string, number>>
  /** Every root that may ever have been signed, sizes growing. Throws `LOG_DAMAGED`. */
  readSigned(): Promise<readonly Signed[]>
  readPending(): Promise<readonly Pending[]>
  /** The batch that was begun last, or null. */
  readBatch(): Promise<Batch | null>
  /** The newest signed checkpoint, or null. */
  readNote(): Promise<string | null>
  /** Since when which other key signs too, or null. See `rotateKey`. */
  readRotation(): Promise<string | null>
  /** Why the log was stopped, or null when it runs. `where` says how a person starts it again. */
  readHalt(): Promise<{ readonly text: string; readonly where: string } | null>
  /** Stops the log until a person has looked. Needs no lock: whoever finds the reason may stop it. */
  halt(halt: Halt): Promise<void>
  /** Paths of openings of public records, and whatever else lies beside them. */
  listPublic(): Promise<readonly string[]>
  /** Faults that only this kind of storage can have. */
  check(): Promise<readonly StorageFault[]>
  /** Waits up to `waitMs` for another writer. Throws `LOG_LOCKED`. */
  lock(waitMs: number): Promise<LogWriter>
  /** Ends what it has open itself, and nothing that it was given. */
  close(): Promise<void>
}

export interface StorageFault {
  readonly code: 'KEY_EXPOSED' | 'LOG_DAMAGED'
  readonly where: string
  readonly what: string
}

/**
 * The right to write to a log, held by one at a time. What a call has written cannot be lost once it returns, and each
 * call's work is there as a whole or can be done again. Everything throws `LOG_LOCK_LOST` once the right is lost, as far
 * as that shows; `addSigned` and `assertHeld` always find out.
 */
export interface LogWriter extends AcceptedEntries {
  assertHeld(): Promise<void>
  /** Takes out what is in the signed tree. */
  forgetPending(commitments: readonly string[]): Promise<void>
  /** Throws `LOG_TILE_CONFLICT` when one of the paths is there with other bytes; equal bytes are left as they are. */
  addResources(resources: AsyncIterable<Resource>): Promise<void>
  /** The same in place of what is there. For recovery alone: files of a batch that was never signed may be replaced. */
  replaceUnsigned(resources: AsyncIterable<Resource>): Promise<void>
  replace(name: MutableResource, text: string): Promise<void>
  /**
   * Allows a size and root to be signed. `leaves` are the commitments that the tree has gained since the last one. The
   * caller has checked that it follows from the newest; a database refuses here too what is not larger.
   */
  addSigned(next: Signed, leaves: readonly string[]): Promise<void>
  writeBatch(batch: Batch | null): Promise<void>
  writeNote(note: string): Promise<void>
  writeRotation(since: string | null): Promise<void>
  endHalt(): Promise<void>
  /** Removes partial tiles and bundles whose full one is older than seven days (C2SP tlog-tiles). */
  removeOldPartials(size: number, now: Date): Promise<void>
  release(): Promise<void>
}
