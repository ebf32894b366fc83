import { type Admission, CallError, PassPurse, solvedPuzzle, submitSighting } from '#client/index.ts'
import type { InviteCode } from '#lib/passes/index.ts'
import { BoundedTasks } from '#node/bounded-tasks.ts'
import type { CliContext } from '../context.ts'
import { type Connection, patient, random } from '../intake/index.ts'
import { CollectError } from './errors.ts'
import type { UnreadFile } from './group-pictures.ts'
import type { KeptFile } from './kept-file.ts'
import type { ProgressFile } from './progress-file.ts'
import type { Question } from './question.ts'

export interface Asked {
  /** Different pictures. */
  readonly pictures: number
  /** Asked about in this run, and by a former one. */
  readonly sent: number
  readonly sentBefore: number
  /** Too few details to be recognised. */
  readonly tooPlain: number
  readonly unread: readonly UnreadFile[]
}

export interface AskMeans {
  readonly context: CliContext
  readonly connection: Connection
  readonly progress: ProgressFile
  readonly invite: InviteCode | null
  readonly keeper: KeptFile | null
  /** How long each request is tried again; ten minutes unless told. */
  readonly patienceMs?: number
  readonly onDone: (done: number) => void
}

const USUAL_PATIENCE_MS = 600_000
/** Each holds a sealed sighting of half a megabyte. */
const UNDER_WAY = 3
/** No form has this number: it stands for the whole picture. */
const WHOLE = -1

/**
 * Asks about pictures, each once, some at a time. Throws `CollectError` COLLECT_UNFINISHED, COLLECT_INVITE, COLLECT_STATE; what
 * was asked is noted then, and not asked again.
 */
export async function askAll(
  questions: Iterable<Question> | AsyncIterable<Question>,
  means: AskMeans,
): Promise<Asked> {
  const { context, onDone } = means
  const tasks = new BoundedTasks(UNDER_WAY)
  const counts = { sent: 0, sentBefore: 0, tooPlain: 0 }
  const unread: UnreadFile[] = []
  const admission = admissionOf(means)
  let done = 0
  try {
    for await (const question of questions) {
      context.signal.throwIfAborted()
      await tasks.start(async () => {
        const outcome = await ask(question, means, admission)
        if (typeof outcome === 'string') counts[outcome]++
        else unread.push(outcome)
        onDone(++done)
      })
    }
    await tasks.drain()
  } catch (cause) {
    context.signal.throwIfAborted()
    if (!(cause instanceof CallError)) throw cause
    throw unfinished(`${done} pictures are asked about.`, cause)
  }
  unread.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { ...counts, unread, pictures: done }
}

async function ask(
  { key, read }: Question,
  { context, connection, progress, keeper, patienceMs = USUAL_PATIENCE_MS }: AskMeans,
  admission: Admission,
): Promise<'sent' | 'sentBefore' | 'tooPlain' | UnreadFile> {
  const whole = progress.idOf(key, WHOLE)
  const isSent = progress.has(whole)
  // What is to be kept is read again: a file that was begun by a former run cannot be gone on with.
  if (isSent && keeper === null) return 'sentBefore'
  const asking = await read()
  if ('code' in asking) return asking
  await keeper?.add(key, asking)
  if (isSent) return 'sentBefore'
  const persist = patient(context, patienceMs)
  const means = { bank: connection.organisation.bank, admission, random, persist }
  for (const [n, { scope, prints }] of asking.forms.entries()) {
    const id = progress.idOf(key, n)
    if (progress.has(id)) continue
    await submitSighting(connection.client, { id, scope, prints, context: asking.context }, means)
    await progress.note(id)
  }
  await progress.note(whole)
  return asking.forms.length > 0 ? 'sent' : 'tooPlain'
}

/** A pass of the invite, or a solved puzzle where none was given. */
function admissionOf(means: AskMeans): Admission {
  const { context, connection, progress, invite, patienceMs = USUAL_PATIENCE_MS } = means
  const { client, solve } = connection
  if (invite === null) return async () => ({ pow: await solvedPuzzle(client, solve) })
  const persist = patient(context, patienceMs)
  const purse = new PassPurse(client, invite, { store: progress, random, persist })
  return (id) => purse.admissionOf(id)
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
