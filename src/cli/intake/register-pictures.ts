import {
  CallError,
  type Organisation,
  registerSet,
  sealNewCase,
  sendNewCase,
  writeToOwnCase,
} from '#client/index.ts'
import { type AgeBand, printsEntry } from '#domain/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { deriveReturnKeys, formatReturnCode, makeReturnCode, parseReturnCode } from '#lib/seal/index.ts'
import type { CliContext } from '../context.ts'
import { type Connection, connect, type Leaflet } from './connect.ts'
import { IntakeError } from './errors.ts'
import { type MadeSet, makeSets, type RegisteredSet, type UnreadPicture } from './make-sets.ts'
import { openMailbox } from './open-mailbox.ts'
import { patient } from './persist.ts'
import { random } from './random.ts'

export interface PictureRegistration {
  readonly leaflet: Leaflet
  /** Files and folders. They are read here and never sent. */
  readonly names: readonly string[]
  readonly set: RegisteredSet
  /** Her answer: pictures are registered for `adult` only. */
  readonly ageBand: AgeBand
  /** How long each request is tried again; two minutes unless told. */
  readonly patienceMs?: number
}

export interface NewReport extends PictureRegistration {
  /** What happened, in her words; empty for later. */
  readonly text: string
  /** Ids of roster entries that must not read it. */
  readonly exclude?: readonly string[]
}

export interface RegistrationResult {
  /** Looked for from now on. */
  readonly registered: readonly MadeSet[]
  /** Named in the case, but the server did not take their prints. */
  readonly notRegistered: readonly MadeSet[]
  readonly unread: readonly UnreadPicture[]
}

/**
 * Opens a sealed case with the rows of her pictures, then registers the pictures. `showCode` gets the new return code, seven
 * groups of four digits, before anything is sent, and has to have shown it when it resolves; it is kept nowhere. Throws
 * `IntakeError`, what `connect` and `makeSets` throw.
 */
export async function registerNewReport(
  context: CliContext,
  report: NewReport,
  showCode: (code: string) => Promise<void>,
): Promise<RegistrationResult & { readonly receipt: string }> {
  assertAdult(report)
  const connection = await connect(context, report.leaflet)
  const { sets, unread } = await makeSets(context, report.names, report.set)
  assertSome(sets, report)
  const { client, log, organisation, solve } = connection
  const code = makeReturnCode(random)
  const keys = await deriveReturnKeys(code, organisation.root.org)
  const { text, ageBand, exclude = [] } = report
  const nowSeconds = Math.floor(context.nowMs() / 1_000)
  const origin = await log.origin()
  const given = { keys, organisation, text, ageBand, exclude, sets, log: origin, nowSeconds }
  const sealed = await sealNewCase(given, random)
  await showCode(formatReturnCode(code))
  const persist = patient(context, report.patienceMs)
  const { receipt } = await sendNewCase(client, sealed, keys, { solve, random, persist }).catch(notSent)
  return { receipt, unread, ...(await registerAll(context, connection, sets, report)) }
}

/** Registers further pictures in the case of a return code. Throws as `registerNewReport`, and `IntakeError` NO_MAILBOX. */
export async function registerInCase(
  context: CliContext,
  registration: PictureRegistration,
  returnCode: string,
): Promise<RegistrationResult> {
  assertAdult(registration)
  const code = parseReturnCode(returnCode)
  const connection = await connect(context, registration.leaflet)
  const { sets, unread } = await makeSets(context, registration.names, registration.set)
  assertSome(sets, { text: '' })
  const { mailbox, keys, own, means } = await openMailbox(context, connection, code)
  const sayings = [
    { type: 'minors.age-band', body: { ageBand: registration.ageBand } } as const,
    ...sets.map(({ id, set }) => printsEntry(id, set)),
  ]
  const persist = patient(context, registration.patienceMs)
  await writeToOwnCase(mailbox, keys, own, sayings, { ...means, persist }).catch(notSent)
  return { unread, ...(await registerAll(context, connection, sets, registration)) }
}

/** One after the other: the case names them already, so that whatever is registered can be withdrawn. */
async function registerAll(
  context: CliContext,
  { client, organisation, solve }: Connection & { readonly organisation: Organisation },
  sets: readonly MadeSet[],
  { patienceMs }: PictureRegistration,
): Promise<Pick<RegistrationResult, 'registered' | 'notRegistered'>> {
  const progress = context.progress('Registering')
  const registered: MadeSet[] = []
  const persist = patient(context, patienceMs)
  try {
    for (const made of sets) {
      context.signal.throwIfAborted()
      await registerSet(client, made, { bank: organisation.bank, solve, persist })
      registered.push(made)
      progress.update(registered.length, sets.length)
    }
  } catch (error) {
    if (!(error instanceof CallError)) throw error
  } finally {
    progress.end()
  }
  return { registered, notRegistered: sets.slice(registered.length) }
}

function assertAdult({ ageBand }: PictureRegistration): void {
  if (ageBand === 'adult') return
  throw new IntakeError(
    'MINOR_PICTURE_REFUSED',
    'Pictures of somebody under 18 are not taken here, in no form, and none was opened. Take It Down (takeitdown.ncmec.org) makes fingerprints of such pictures on your own device for the large platforms. Call the organisation, or report without pictures.',
  )
}

function assertSome(sets: readonly MadeSet[], { text }: Pick<NewReport, 'text'>): void {
  if (sets.length > 0 || text !== '') return
  throw new IntakeError(
    'NO_PICTURES',
    'None of these files is a picture that can be looked for. Nothing was sent.',
  )
}

/** Whether it arrived is not known when the answer got lost. */
function notSent(cause: unknown): never {
  if (!(cause instanceof CallError)) throw cause
  if (cause.code !== 'CLIENT_NO_ANSWER') {
    throw new AppError(cause.code, `${cause.message} No picture was registered.`, { cause })
  }
  throw new IntakeError(
    'NOT_SENT',
    'The server did not answer to the end, so it is not certain whether the report arrived. No picture was registered, and none has left this computer. Look with the return code: saksi mailbox read. If there is no mailbox, nothing was kept: start again, and throw that code away.',
    { cause },
  )
}
