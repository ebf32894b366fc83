import { createHash } from 'node:crypto'
import { type Admission, CallError, dayOf, PassPurse, solvedPuzzle, submitSighting } from '#client/index.ts'
import { openChat, type ReadOptions, type StreamHash } from '#lib/chat/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { type InviteCode, parseInviteCode } from '#lib/passes/index.ts'
import { BoundedTasks } from '#node/bounded-tasks.ts'
import type { CliContext } from '../context.ts'
import { type DecodeMode, DecodePool, type PictureResult } from '../decode/index.ts'
import { type Connection, connect, type Leaflet, patient, random } from '../intake/index.ts'
import { findWithheld, hideFiles, NOTHING_WITHHELD, type Withheld } from '../scan/withhold.ts'
import { type LocalTree, openSourceTree } from '../source/index.ts'
import { type ContextFacts, contextRecord } from './context-record.ts'
import { CollectError } from './errors.ts'
import { type FoundPictures, findPictures } from './find-pictures.ts'
import { groupPictures, MAX_PICTURE_BYTES, type SamePicture, type UnreadFile } from './group-pictures.ts'
import { ProgressFile, progressFolder } from './progress-file.ts'

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
}

export interface CollectionResult {
  /** Different pictures in the export. */
  readonly pictures: number
  /** Asked about in this run, and by a former one. */
  readonly sent: number
  readonly sentBefore: number
  /** Too few details to be recognised. */
  readonly tooPlain: number
  readonly unread: readonly UnreadFile[]
  readonly notInExport: number
  /** Suspected child abuse material: a count, and nothing else. */
  readonly withheld: number
  readonly unnamedLeft: number
}

const USUAL_PATIENCE_MS = 600_000
/** Each holds a sealed sighting of half a megabyte. */
const UNDER_WAY = 3

interface Work {
  readonly context: CliContext
  readonly connection: Connection
  readonly tree: LocalTree
  readonly pool: DecodePool
  readonly progress: ProgressFile
  readonly facts: ContextFacts
  readonly collection: Collection
  readonly admission: Admission
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
    const progress = await ProgressFile.open(progressFolder(collection.stateFolder), tree)
    let isSent = false
    try {
      const result = await collectTree(context, {
        collection,
        connection,
        tree,
        withheld,
        progress,
        invite: code,
      })
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

async function collectTree(
  context: CliContext,
  parts: Pick<Work, 'collection' | 'connection' | 'tree' | 'progress'> & {
    readonly withheld: Withheld
    readonly invite: InviteCode | null
  },
): Promise<CollectionResult> {
  const { collection, connection, tree, withheld, progress } = parts
  const { found, format } = await readExport(context, collection, { tree, withheld })
  const bar = context.progress('Asking')
  const pool = new DecodePool(context.decodeWorkerUrl, context.workerCount)
  try {
    const { signal } = context
    const onFile = (done: number): void => bar.update(done, found.files.length * 10, 'reading')
    const { pictures, unread } = await groupPictures(tree, found.files, { signal, onFile })
    const collected = dayOf(context.nowMs() / 1_000)
    const admission = admissionOf(context, parts)
    const work: Work = {
      context,
      connection,
      tree,
      pool,
      progress,
      collection,
      facts: { tree, nearby: found.nearby, format, collected },
      admission,
    }
    const sent = await askAll(work, pictures, (done) =>
      bar.update(done, pictures.length, `${done} of ${pictures.length} pictures`),
    )
    const { notInExport, unnamedLeft } = found
    return {
      ...sent,
      pictures: pictures.length,
      unread: [...unread, ...sent.unread],
      notInExport,
      unnamedLeft,
      withheld: found.withheld,
    }
  } finally {
    bar.end()
    await pool.close()
  }
}

/** A pass of the invite, or a solved puzzle where none was given. */
function admissionOf(
  context: CliContext,
  {
    collection,
    connection,
    progress,
    invite,
  }: Pick<Work, 'collection' | 'connection' | 'progress'> & { readonly invite: InviteCode | null },
): Admission {
  const { client, solve } = connection
  const { patienceMs = USUAL_PATIENCE_MS } = collection
  if (invite === null) return async () => ({ pow: await solvedPuzzle(client, solve) })
  const means = { store: progress, random, persist: patient(context, patienceMs) }
  const purse = new PassPurse(client, invite, means)
  return (id) => purse.admissionOf(id)
}

type Asked = Pick<CollectionResult, 'sent' | 'sentBefore' | 'tooPlain' | 'unread'>

async function askAll(
  work: Work,
  pictures: readonly SamePicture[],
  onDone: (done: number) => void,
): Promise<Asked> {
  const tasks = new BoundedTasks(UNDER_WAY)
  const counts = { sent: 0, sentBefore: 0, tooPlain: 0 }
  const unread: UnreadFile[] = []
  let done = 0
  try {
    for (const picture of pictures) {
      work.context.signal.throwIfAborted()
      await tasks.start(async () => {
        const outcome = await askAbout(work, picture)
        if (typeof outcome === 'string') counts[outcome]++
        else unread.push(outcome)
        onDone(++done)
      })
    }
    await tasks.drain()
  } catch (cause) {
    work.context.signal.throwIfAborted()
    if (!(cause instanceof CallError)) throw cause
    throw unfinished(`${done} of ${pictures.length} pictures are asked about.`, cause)
  }
  return { ...counts, unread: unread.sort((a, b) => (a.path < b.path ? -1 : 1)) }
}

async function askAbout(
  work: Work,
  picture: SamePicture,
): Promise<'sent' | 'sentBefore' | 'tooPlain' | UnreadFile> {
  const { progress, connection, admission, facts, context, collection } = work
  const { sha256, files } = picture
  const lastOf = progress.idOf(sha256, LAST)
  if (progress.has(lastOf)) return 'sentBefore'
  const result = await decode(work, files[0].path)
  if (!result.ok) return { path: files[0].path, code: result.failure.error.code }
  const { forms = [], width, height } = result.picture
  const record = await contextRecord(facts, picture, { width, height })
  const persist = patient(context, collection.patienceMs ?? USUAL_PATIENCE_MS)
  const means = { bank: connection.organisation.bank, admission, random, persist }
  for (const [n, { scope, prints }] of forms.entries()) {
    const id = progress.idOf(sha256, n)
    if (progress.has(id)) continue
    await submitSighting(connection.client, { id, scope, prints, context: record }, means)
    await progress.note(id)
  }
  await progress.note(lastOf)
  return forms.length > 0 ? 'sent' : 'tooPlain'
}

const INVITE_TROUBLE: Readonly<Record<string, string>> = {
  INVITE_UNKNOWN: 'This invite was never given out here, or was ended.',
  INVITE_SPENT: 'No more pictures are left on this invite.',
  INVITE_EXPIRED: 'This invite has expired.',
  INVITE_NEEDED: 'This organisation takes pictures by invite only.',
}

function unfinished(done: string, cause: CallError): CollectError {
  const trouble = INVITE_TROUBLE[cause.code]
  if (trouble !== undefined) {
    return new CollectError(
      'COLLECT_INVITE',
      `${done} ${trouble} Ask the organisation for another one, and run this again with it: what was sent is not sent twice.`,
      { cause },
    )
  }
  return new CollectError(
    'COLLECT_UNFINISHED',
    `${done} Then the server did not take any more (${cause.code}). Run the same command again: it sends only what is missing.`,
    { cause },
  )
}

/** No form has this number: it stands for the whole picture. */
const LAST = -1

async function decode({ tree, pool, collection }: Work, path: string): Promise<PictureResult> {
  try {
    const bytes = Uint8Array.from(await tree.read(path, MAX_PICTURE_BYTES))
    const mode = collection.mode ?? 'exact'
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
