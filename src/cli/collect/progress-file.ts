import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { acquireLock, type Lock, LockError } from '#node/lock/index.ts'
import type { LocalTree } from '../source/index.ts'
import { CollectError } from './errors.ts'

/*
 * A file of records of 112 bytes: nonce 24 | XChaCha20-Poly1305 of 72 bytes: kind 1 | 71 bytes, zeros behind what is said.
 * Kind 1: 32 random bytes, from which the ids of this collection are made. Kind 2: an id of 16 bytes that was kept by the server.
 * The key is made from the export and the invite, and so is the file's name: who has not both cannot tell what it is about.
 */
const NONCE_BYTES = 24
const PLAIN_BYTES = 72
const RECORD_BYTES = NONCE_BYTES + PLAIN_BYTES + 16
const SEED_BYTES = 32
const ID_BYTES = 16
const KIND = { seed: 1, done: 2 } as const
const LOCK_WAIT_MS = 2_000

/** What a collection has to remember between two runs, and nothing else: which of its sightings the server has. */
export class ProgressFile {
  readonly #path: string
  readonly #key: Uint8Array
  readonly #file: FileHandle
  readonly #lock: Lock
  readonly #done: Set<string>
  #seed: Uint8Array
  #writing: Promise<void> = Promise.resolve()

  private constructor(
    at: { readonly path: string; readonly key: Uint8Array },
    opened: { readonly file: FileHandle; readonly lock: Lock; readonly read: ReadProgress },
  ) {
    this.#path = at.path
    this.#key = at.key
    this.#file = opened.file
    this.#lock = opened.lock
    this.#done = opened.read.done
    this.#seed = opened.read.seed ?? new Uint8Array(0)
  }

  /** Opens what a former run left, or begins. Throws `CollectError` COLLECT_RUNNING, COLLECT_STATE. */
  static async open(folder: string, tree: LocalTree, invite: string | null): Promise<ProgressFile> {
    const { name, key } = await nameAndKey(tree, invite)
    const path = join(folder, name)
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch(notKept)
    const lock = await acquireLock(`${path}.lock`, LOCK_WAIT_MS).catch(notLocked)
    try {
      const bytes = await readFile(path).catch(() => new Uint8Array(0))
      const read = readRecords(bytes, key)
      const file = await open(path, 'a', 0o600)
      // A torn or foreign end is cut off, so that what is appended can be read again.
      await file.truncate(read.goodBytes)
      const progress = new ProgressFile({ path, key }, { file, lock, read })
      if (read.seed === null) await progress.#begin()
      return progress
    } catch (cause) {
      await lock.release()
      return notKept(cause)
    }
  }

  /** Whether a former run left something to go on from. */
  get isContinued(): boolean {
    return this.#done.size > 0
  }

  /** The id of the `n`th form of a picture, the same in every run of this collection: 16 bytes as base64url. */
  idOf(sha256: string, n: number): string {
    return createHmac('sha256', this.#seed)
      .update(`${sha256}\n${n}`)
      .digest()
      .subarray(0, ID_BYTES)
      .toString('base64url')
  }

  has(id: string): boolean {
    return this.#done.has(id)
  }

  /** Notes, on the disk before it resolves, that the server has this sighting. */
  async add(id: string): Promise<void> {
    await this.#append(KIND.done, Buffer.from(id, 'base64url'))
    this.#done.add(id)
  }

  /** All is sent: nothing is kept. */
  async remove(): Promise<void> {
    await this.#file.close()
    await rm(this.#path, { force: true })
    await this.#lock.release()
  }

  /** Leaves what there is to the next run. */
  async close(): Promise<void> {
    await this.#writing.catch(() => undefined)
    await this.#file.close()
    await this.#lock.release()
  }

  async #begin(): Promise<void> {
    this.#seed = randomBytes(SEED_BYTES)
    await this.#append(KIND.seed, this.#seed)
  }

  #append(kind: number, content: Uint8Array): Promise<void> {
    const plain = new Uint8Array(PLAIN_BYTES)
    plain[0] = kind
    plain.set(content, 1)
    const nonce = randomBytes(NONCE_BYTES)
    const record = Buffer.concat([nonce, xchacha20poly1305(this.#key, nonce).encrypt(plain)])
    this.#writing = this.#writing.then(async () => {
      await this.#file.appendFile(record)
      await this.#file.datasync()
    })
    return this.#writing.catch(notKept)
  }
}

interface ReadProgress {
  readonly seed: Uint8Array | null
  readonly done: Set<string>
  readonly goodBytes: number
}

/** As far as the records are whole and of this key. */
function readRecords(bytes: Uint8Array, key: Uint8Array): ReadProgress {
  let seed: Uint8Array | null = null
  const done = new Set<string>()
  let at = 0
  for (; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    const plain = openRecord(bytes.subarray(at, at + RECORD_BYTES), key)
    if (plain === null || (seed === null && plain[0] !== KIND.seed)) break
    if (plain[0] === KIND.seed) seed = plain.slice(1, 1 + SEED_BYTES)
    else done.add(Buffer.from(plain.subarray(1, 1 + ID_BYTES)).toString('base64url'))
  }
  return { seed, done, goodBytes: at }
}

function openRecord(record: Uint8Array, key: Uint8Array): Uint8Array | null {
  try {
    return xchacha20poly1305(key, record.subarray(0, NONCE_BYTES)).decrypt(record.subarray(NONCE_BYTES))
  } catch {
    return null
  }
}

/** From names and sizes of every file of the export, and the invite. */
async function nameAndKey(
  tree: LocalTree,
  invite: string | null,
): Promise<{ readonly name: string; readonly key: Uint8Array }> {
  const hash = createHash('sha256').update('saksi/v1/collect\n')
  hash.update(`${JSON.stringify([tree.name, invite ?? ''])}\n`)
  for (const { path, sizeBytes } of await tree.files()) hash.update(`${JSON.stringify([path, sizeBytes])}\n`)
  const secret = hash.digest()
  const derive = (what: string, length: number) =>
    new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), `saksi/v1/collect/${what}`, length))
  return { name: Buffer.from(derive('name', ID_BYTES)).toString('hex'), key: derive('key', 32) }
}

/** Where progress of collections lies below the folder for the state of programs. */
export function progressFolder(stateFolder: string): string {
  return join(stateFolder, 'collect')
}

function notLocked(cause: unknown): never {
  if (!(cause instanceof LockError) || cause.code !== 'LOCK_TAKEN') return notKept(cause)
  throw new CollectError('COLLECT_RUNNING', 'This export is being collected by another run at this moment.', {
    cause,
  })
}

function notKept(cause: unknown): never {
  throw new CollectError(
    'COLLECT_STATE',
    'What was sent cannot be noted on this computer, so an interrupted run would send it twice. Nothing more was sent. Check the space on the disk.',
    { cause },
  )
}
