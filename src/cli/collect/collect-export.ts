import { createHash } from 'node:crypto'
import { dayOf } from '#client/index.ts'
import { openChat, type ReadOptions, type StreamHash } from '#lib/chat/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { type InviteCode, parseInviteCode } from '#lib/passes/index.ts'
import type { CliContext } from '../context.ts'
import { type DecodeMode, DecodePool, type PictureResult } from '../decode/index.ts'
import { type Connection, connect, type Leaflet } from '../intake/index.ts'
import { findWithheld, hideFiles, NOTHING_WITHHELD, type Withheld } from '../scan/withhold.ts'
import { type LocalTree, openSourceTree } from '../source/index.ts'
import { type Asked, askAll } from './ask.ts'
import { type ContextFacts, contextRecord } from './context-record.ts'
import { type FoundPictures, findPictures } from './find-pictures.ts'
import { groupPictures, MAX_PICTURE_BYTES, type SamePicture } from './group-pictures.ts'
import { createKeptFile, type Keeping } from './kept-file.ts'
import { materialOf, ProgressFile, progressFolder } from './progress-file.ts'
import type { Question } from './question.ts'

export interface Collection {
  readonly leaflet: Leaflet
  /** Folder, file or archive. Nothing in it is changed. */
  readonly exportPath: string
  /** Code of an invite, as staff gave it; without one, puzzles are solved. */
  readonly invite?: string | null
  /** Message numbers or file names of suspected child abuse material: never opened. */
  readonly withheld?: ReadonlySet<string>
  readonly mode?: DecodeMode
  readonly statedZone?: string | null
  readonly dateOrder?: 'day-first' | 'month-first' | null
  /** Where the note of what was sent lies until all is sent. */
  readonly stateFolder: string
  /** How long each request is tried again; ten minutes unless told. */
  readonly patienceMs?: number
  /** Keeps what was asked, for pictures that are registered later; nothing is kept unless she asks for it. */
  readonly keep?: Keeping | null
}

export interface CollectionResult extends Asked {
  readonly notInExport: number
  /** Suspected child abuse material: a count, and nothing else. */
  readonly withheld: number
  readonly unnamedLeft: number
}

/** What the parts of one collection share. */
interface Work {
  readonly context: CliContext
  readonly collection: Collection
  readonly connection: Connection
  readonly tree: LocalTree
  readonly progress: ProgressFile
  readonly withheld: Withheld
  readonly invite: InviteCode | null
}

/**
 * Reads an export here, and asks an organisation about each of its pictures, sealed: prints and a masked context, never a
 * picture. What comes of it is never told to who asks. An interrupted run is called again and sends what is missing; at the end
 * nothing is kept. Throws `CollectError`, `IntakeError`, `AppError` WITHHOLD_UNKNOWN, and the coded errors of exports.
 */
export async function collectExport(context: CliContext, collection: Collection): Promise<CollectionResult> {
  const { invite = null } = collection
  // A slip in it is known before anything is read or sent.
  const code = invite === null ? null : parseInviteCode(invite)
  const connection = await connect(context, collection.leaflet)
  const opened = await openSourceTree(collection.exportPath)
  try {
    const withheld = await withheldIn(opened, context, collection)
    const tree = hideFiles(opened, withheld.pathKeys)
    const progress = await ProgressFile.open(progressFolder(collection.stateFolder), await materialOf(tree))
    let isSent = false
    try {
      const parts = { context, collection, connection, tree, progress, withheld, invite: code }
      const result = await collectTree(parts)
      isSent = true
      return result
    } finally {
      if (isSent) await progress.remove()
      else await progress.close()
    }
  } finally {
    await opened.close()
  }
}

async function collectTree(work: Work): Promise<CollectionResult> {
  const { context, collection, tree, withheld, progress, connection, invite } = work
  const { found, format } = await readExport(context, collection, { tree, withheld })
  const keeper = collection.keep ? await createKeptFile(collection.keep) : null
  const bar = context.progress('Asking')
  const pool = new DecodePool(context.decodeWorkerUrl, context.workerCount)
  let isWhole = false
  try {
    const { signal } = context
    const onFile = (done: number): void => bar.update(done, found.files.length * 10, 'reading')
    const { pictures, unread } = await groupPictures(tree, found.files, { signal, onFile })
    const facts = { tree, nearby: found.nearby, format, collected: dayOf(context.nowMs() / 1_000) }
    const mode = collection.mode ?? 'exact'
    const questions = pictures.map((picture) => questionOf(picture, { facts, pool, mode }))
    const { patienceMs } = collection
    const asked = await askAll(questions, {
      context,
      connection,
      progress,
      invite,
      keeper,
      ...(patienceMs !== undefined && { patienceMs }),
      onDone: (done) => bar.update(done, pictures.length, `${done} of ${pictures.length} pictures`),
    })
    isWhole = true
    const { notInExport, unnamedLeft } = found
    const all = { ...asked, unread: [...unread, ...asked.unread] }
    return { ...all, notInExport, unnamedLeft, withheld: found.withheld }
  } finally {
    bar.end()
    await pool.close()
    await keeper?.close(isWhole)
  }
}

function questionOf(
  picture: SamePicture,
  {
    facts,
    pool,
    mode,
  }: { readonly facts: ContextFacts; readonly pool: DecodePool; readonly mode: DecodeMode },
): Question {
  const { sha256, files } = picture
  return {
    key: sha256,
    read: async () => {
      const result = await decode(facts.tree, pool, { path: files[0].path, mode })
      if (!result.ok) return { path: files[0].path, code: result.failure.error.code }
      const { forms = [], width, height } = result.picture
      return { forms, context: await contextRecord(facts, picture, { width, height }) }
    },
  }
}

async function decode(
  tree: LocalTree,
  pool: DecodePool,
  { path, mode }: { readonly path: string; readonly mode: DecodeMode },
): Promise<PictureResult> {
  try {
    const bytes = Uint8Array.from(await tree.read(path, MAX_PICTURE_BYTES))
    return await pool.run({ bytes, mode, plan: 'query', forServer: 'sighting' })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const failed = { code: 'FILE_UNREADABLE' as const, message: error.message }
    return { ok: false, failure: { sha256: null, md5: null, error: failed } }
  }
}

async function readExport(
  context: CliContext,
  collection: Collection,
  { tree, withheld }: { readonly tree: LocalTree; readonly withheld: Withheld },
): Promise<{ readonly found: FoundPictures; readonly format: string }> {
  const bar = context.progress('Reading')
  try {
    const reader = await openChat(
      tree,
      readOptions(context, collection, (done, total) => bar.update(done, total)),
    )
    const found = await findPictures({ tree, reader, withheld, signal: context.signal })
    return { found, format: reader.format }
  } finally {
    bar.end()
  }
}

async function withheldIn(tree: LocalTree, context: CliContext, collection: Collection): Promise<Withheld> {
  const { withheld } = collection
  if (withheld === undefined || withheld.size === 0) return NOTHING_WITHHELD
  return findWithheld(tree, withheld, (hidden) =>
    openChat(
      hidden,
      readOptions(context, collection, () => undefined),
    ),
  )
}

function readOptions(
  { nowMs, signal }: CliContext,
  { statedZone = null, dateOrder = null }: Collection,
  onProgress: (done: number, total: number) => void,
): ReadOptions {
  return {
    sha256: streamSha256,
    nowMs: nowMs(),
    onProgress,
    signal,
    ...(statedZone !== null && { statedZone }),
    ...(dateOrder !== null && { dateOrder }),
  }
}

function streamSha256(): StreamHash {
  const hash = createHash('sha256')
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') }
}
