import {
  addSignatures,
  evaluatePolicy,
  type Note,
  type NoteSignature,
  type Observation,
  type Policy,
  parseCheckpoint,
  parseNote,
  parsePolicy,
  tileHashReader,
  verifyCheckpoint,
} from '#lib/tlog/index.ts'
import { nativeEd25519 } from '../native-ed25519.ts'
import { askNewest } from '../witness/client.ts'
import {
  askSizes,
  type Collected,
  collectCosignatures,
  peersOf,
  type WitnessState,
} from '../witness/collect.ts'
import { damaged, LogStoreError } from './errors.ts'
import { type LogStore, type OpenLogOptions, openLog } from './log-store.ts'
import { type LogPlace, openStorage, policyOf } from './open-storage.ts'
import { instantText, lastTick, nextTick } from './schedule.ts'
import { type OnStep, sequenceAndSign } from './sequence.ts'
import type { LogSettings } from './settings.ts'
import { readCheckpoint } from './start-up.ts'
import type { LogStorage } from './storage.ts'
import { storedTiles } from './tile-files.ts'

/** For so long after it was signed, a published checkpoint is offered to witnesses that have not co-signed it yet. */
const LATE_SIGNATURES_MS = 10 * 60_000

export interface CheckpointOptions extends Omit<OpenLogOptions, 'check'> {
  /** Do not wait for the time of the schedule. Everybody can see that a checkpoint came out of turn. */
  readonly isOutOfTurn?: boolean
  /** How long one witness may take to answer; 10 seconds unless told. */
  readonly witnessTimeoutMs?: number
  /** How long to go on asking witnesses that cannot answer; 30 seconds unless told. */
  readonly patienceMs?: number
  readonly signal?: AbortSignal
  readonly onStep?: OnStep
}

/** How a checkpoint went. */
export type CheckpointOutcome =
  /** The time for the next has not come, and the last is published. */
  | { readonly state: 'not-due'; readonly due: Date }
  /** Signed and published; `witnesses` have seen it. */
  | {
      readonly state: 'published'
      readonly size: number
      readonly witnesses: readonly Observation[]
      readonly asked: readonly WitnessState[]
    }
  /** Too few witnesses answer. Nothing new is published; what was accepted is safe and comes with the next one. */
  | { readonly state: 'unwitnessed'; readonly size: number; readonly asked: readonly WitnessState[] }

/**
 * Makes the next checkpoint when it is due: asks the witnesses how far they are, adds what waits, signs, collects
 * co-signatures and publishes once the quorum is reached. Nothing is signed unless a quorum has just said that it is not
 * ahead of this log, so that an old copy that was put back never signs. Throws what `openLog` throws, and
 * `LOG_BEHIND_WITNESS` and `LOG_WITNESS_REFUSED`, which stop the log for good.
 */
export async function makeCheckpoint(
  place: LogPlace,
  options: CheckpointOptions = {},
): Promise<CheckpointOutcome> {
  const run = await prepare(place, options)
  try {
    return await carryOut(run)
  } finally {
    await run.storage.close()
  }
}

async function carryOut(run: Run): Promise<CheckpointOutcome> {
  const sizes = await askWitnessSizes(run)
  if (!sizes.hasQuorum) return { state: 'unwitnessed', size: run.size, asked: sizes.states }
  const due = await signIfDue(run, sizes.known)
  if (due !== null) return { state: 'not-due', due }
  const note = parseNote(await requireNote(run.storage))
  const collected = await collect(run, note, sizes.known)
  await haltOnRefusal(run, collected)
  return publish(run, collected)
}

interface Run {
  readonly place: LogPlace
  readonly storage: LogStorage
  readonly settings: LogSettings
  readonly policy: Policy
  /** The newest signed checkpoint before this run, and its size. */
  readonly note: Note
  readonly size: number
  readonly now: () => Date
  readonly options: CheckpointOptions
}

async function prepare(place: LogPlace, options: CheckpointOptions): Promise<Run> {
  const { settings, storage } = await openStorage(place)
  try {
    const policy = parsePolicy(await policyOf(storage), { allowNoWitness: true })
    const note = parseNote(await requireNote(storage))
    const now = options.now ?? (() => new Date())
    const { size } = parseCheckpoint(note.text)
    return { place, storage, settings, policy, note, size, now, options }
  } catch (error) {
    await storage.close()
    throw error
  }
}

interface KnownSizes {
  readonly known: ReadonlyMap<string, number>
  readonly hasQuorum: boolean
  readonly states: readonly WitnessState[]
}

async function askWitnessSizes({ policy, note, options, now }: Run): Promise<KnownSizes> {
  const answers = await askSizes(peersOf(policy), note, askOptions(options, now))
  const known = new Map<string, number>()
  const states: WitnessState[] = []
  for (const [name, answer] of answers) {
    if (typeof answer === 'number') known.set(name, answer)
    else states.push({ name, answer })
  }
  return { known, states, hasQuorum: evaluatePolicy(policy, new Set(known.keys())) }
}

/** Signs the next checkpoint when it is due. Gives the time of the next one when there is nothing to do at all. */
async function signIfDue(run: Run, sizes: ReadonlyMap<string, number>): Promise<Date | null> {
  const { place, storage, settings, options, now } = run
  const log = await openLog(place, { ...options, check: 'whole' })
  try {
    await haltIfBehind(run, log, sizes)
    const isDue = Date.parse(log.newest.at) < lastTick(now(), settings.intervalMinutes).getTime()
    if (isDue || options.isOutOfTurn === true || log.newest.size === 0) {
      await sequenceAndSign(log, options.onStep ?? (() => undefined))
      return null
    }
    const published = await readCheckpoint(storage.read, log.parts.policy)
    const isPublished = published?.checkpoint.size === log.newest.size
    const ageMs = now().getTime() - Date.parse(log.newest.at)
    const isLateWanted =
      ageMs < LATE_SIGNATURES_MS && (published?.witnesses.length ?? 0) < peersOf(log.parts.policy).length
    return isPublished && !isLateWanted ? nextTick(now(), settings.intervalMinutes) : null
  } finally {
    await log.close()
  }
}

/** Stops the log when a witness has seen more of it than there is here. */
async function haltIfBehind(run: Run, log: LogStore, sizes: ReadonlyMap<string, number>): Promise<void> {
  const { storage, policy } = log.parts
  const ahead = [...sizes].find(([, size]) => size > log.newest.size)
  if (ahead === undefined) return
  const [name, size] = ahead
  const peer = peersOf(policy).find((known) => known.name === name)
  const shown =
    peer === undefined ? null : await askNewest(peer, log.origin, askOptions(run.options, run.now))
  const isProven = shown !== null && isSignedBeyond(shown, policy, log.newest.size)
  const message = `The witness ${name} says that it has seen this log with ${size} entries; here it has ${log.newest.size}. ${
    isProven
      ? 'It shows a larger checkpoint signed with the key of this log: this is an older copy, or another program signs with the same key. Bring it up to date from a mirror: saksi log recover.'
      : 'It does not show a checkpoint that proves it, so it may be wrong: ask whoever runs it.'
  } Nothing was signed.`
  const evidence = shown === null ? [] : [shown]
  await storage.halt({ code: 'LOG_BEHIND_WITNESS', message, at: instantText(log.now), evidence })
  throw new LogStoreError('LOG_BEHIND_WITNESS', message)
}

function isSignedBeyond(text: string, policy: Policy, size: number): boolean {
  try {
    return verifyCheckpoint(parseNote(text), policy, nativeEd25519).checkpoint.size > size
  } catch {
    return false
  }
}

function collect({ policy, storage, options, now }: Run, note: Note, sizes: ReadonlyMap<string, number>) {
  const { size } = parseCheckpoint(note.text)
  const readHashes = tileHashReader(size, storedTiles(storage.read))
  return collectCosignatures(
    note,
    { policy, sizes, readHashes },
    { ...askOptions(options, now), patienceMs: options.patienceMs ?? 30_000 },
  )
}

/** Stops the log when a witness says that it tells two histories, or has seen more of it than there is. */
async function haltOnRefusal({ storage, now }: Run, { witnesses, note }: Collected): Promise<void> {
  const { size } = parseCheckpoint(parseNote(note).text)
  for (const { name, answer } of witnesses) {
    const isBehind = answer.kind === 'conflict' && answer.size > size
    if (answer.kind !== 'refused' && !isBehind) continue
    const code = isBehind ? 'LOG_BEHIND_WITNESS' : 'LOG_WITNESS_REFUSED'
    const message = isBehind
      ? `The witness ${name} has seen more of this log than there is here.`
      : `The witness ${name} says that this checkpoint does not follow from the one it has seen.`
    const evidence = answer.kind === 'refused' ? [answer.request, answer.reply] : [note]
    await storage.halt({ code, message, at: instantText(now()), evidence })
    throw new LogStoreError(code, `${message} Nothing was published.`)
  }
}

async function publish(run: Run, collected: Collected): Promise<CheckpointOutcome> {
  const { place, storage, policy, options } = run
  const log = await openLog(place, options)
  try {
    const note = await mergeWithKept(log, collected.note)
    const { checkpoint, witnesses, hasQuorum } = verifyCheckpoint(parseNote(note), policy, nativeEd25519)
    const { size } = checkpoint
    const isEnough = hasQuorum || policy.quorum === null
    if (!isEnough) return { state: 'unwitnessed', size, asked: collected.witnesses }
    const published = await readCheckpoint(storage.read, policy)
    if ((published?.checkpoint.size ?? 0) <= size) await log.parts.writer.replace('checkpoint', note)
    options.onStep?.('published', note)
    await log.openings.expirePads(log.now)
    await log.parts.writer.removeOldPartials(size, log.now)
    return { state: 'published', size, witnesses, asked: collected.witnesses }
  } finally {
    await log.close()
  }
}

/**
 * Our note with the signatures that another run may have gathered meanwhile. It takes the place of the kept one, unless
 * that is newer.
 */
async function mergeWithKept(log: LogStore, collected: string): Promise<string> {
  const ours = parseNote(collected)
  const kept = parseNote(await requireNote(log.parts.storage))
  if (kept.text !== ours.text) return collected
  const has = new Set(kept.signatures.map(signatureKey))
  const fresh = ours.signatures.filter((signature) => !has.has(signatureKey(signature)))
  const merged = addSignatures(kept, fresh)
  await log.parts.writer.writeNote(merged)
  return merged
}

const signatureKey = ({ name, keyId }: NoteSignature): string => `${keyId} ${name}`

async function requireNote({ readNote }: LogStorage): Promise<string> {
  const note = await readNote()
  if (note === null) throw damaged('newest-note', 'it is missing')
  return note
}

function askOptions(options: CheckpointOptions, now: () => Date) {
  return {
    now,
    timeoutMs: options.witnessTimeoutMs ?? 10_000,
    signal: options.signal ?? new AbortController().signal,
  }
}
