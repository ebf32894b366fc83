import { sha256 } from '@noble/hashes/sha2.js'
import { MAX_FIRST_ITEMS } from '#contract/sizes.ts'
import { type AgeBand, type EntryBody, printsEntry } from '#domain/index.ts'
import { bytesToBase64, bytesToHex, utf8ToText } from '#lib/bytes/index.ts'
import {
  bytesToBase64url,
  type CaseKey,
  chooseReaders,
  type RandomBytes,
  type ReturnKeys,
  type RosterEntry,
  type SignedMessage,
  sealItem,
  sealReport,
} from '#lib/seal/index.ts'
import { commitmentOf, formatOpening, type Opening } from '#lib/tlog/index.ts'
import type { NamedSet } from './bank.ts'
import type { Client } from './client.ts'
import { Mailbox } from './mailbox.ts'
import { dayOf, type Organisation } from './organisation.ts'
import { type KeptReceipt, OwnPen } from './own-entries.ts'
import { once, type Persist } from './persist.ts'
import { type SealedReport, type SolvePuzzle, sendReport } from './report.ts'

/** What a survivor says when she opens a case. */
export interface NewCase {
  /** Of her new return code. */
  readonly keys: ReturnKeys
  readonly organisation: Organisation
  /** Empty when she only registers pictures. */
  readonly text: string
  readonly ageBand: AgeBand
  /** Ids of entries of the roster that must not read it. */
  readonly exclude: readonly string[]
  /** Sets that will be registered: the case has their rows before the bank has them. */
  readonly sets: readonly NamedSet[]
  /** Name of the custody log. */
  readonly log: string
  readonly nowSeconds: number
}

/** A case that is sealed and can be sent, again too: the same report is kept once. */
export interface SealedCase {
  readonly report: SealedReport
  readonly opening: Opening
  /** Messages for which the report had no room: posted after it. */
  readonly later: readonly SignedMessage[]
  readonly key: CaseKey
  readonly pen: OwnPen
}

/** Of eight first items one opens the case. */
const FIRST_MESSAGES = MAX_FIRST_ITEMS - 1

/**
 * Seals a new case: case-open record, her report, and the rows of each picture. Takes some tenths of a second. Throws
 * `SealError`: see `sealReport`.
 */
export async function sealNewCase(newCase: NewCase, random: RandomBytes): Promise<SealedCase> {
  const { keys, organisation, exclude, nowSeconds } = newCase
  const { roster, sha256: rosterSha256 } = organisation.verified
  const readers = readersOf(newCase, random)
  let later: readonly SignedMessage[] = []
  let pen: OwnPen | null = null
  const { key, submission, digest } = await sealReport(
    {
      keys,
      roster: { version: roster.v, sha256: rosterSha256, entries: readers, recovery: roster.recovery },
      exclude,
      nowSeconds,
      records: (caseKey) => {
        pen = new OwnPen(caseKey, {
          sign: keys.sign,
          heads: new Map(),
          roster: organisation.verified,
          nowSeconds,
        })
        const messages = sayings(newCase, readers).map((saying) => penOf(pen).write(saying))
        later = messages.slice(FIRST_MESSAGES)
        return messages.slice(0, FIRST_MESSAGES)
      },
    },
    random,
  )
  const opening = openingOf(newCase, digest, random)
  const { mailbox, authPublicKey, slots, items, week } = submission
  const wraps = [...slots].sort((a, b) => a.slot - b.slot).map(({ address, wrap }) => ({ address, wrap }))
  const report = { mailbox, authPublicKey, wraps, items, week, commitment: commitmentOf(opening) }
  return { report, opening, later, key, pen: penOf(pen) }
}

/**
 * Sends a sealed case, then what the report had no room for, then what shows that it was received. Every request may be sent
 * again by `persist`: what is there is kept once. Throws `CallError`: see `intake.open`, `mailbox.post`.
 */
export async function sendNewCase(
  client: Client,
  { report, opening, later, key, pen }: SealedCase,
  keys: ReturnKeys,
  means: { readonly solve: SolvePuzzle; readonly random: RandomBytes; readonly persist?: Persist },
): Promise<KeptReceipt> {
  const { solve, random, persist = once } = means
  const receipt = await persist(() => sendReport(client, report, solve, { lowPower: true }))
  const mailbox = new Mailbox(client, keys)
  const kept = { receipt, opening: utf8ToText(formatOpening(opening)) ?? '' }
  for (const message of [...later, pen.write({ keep: kept })]) {
    const item = await sealedFor(key, message, random)
    await persist(() => mailbox.post(item))
  }
  return kept
}

/** A message as it is posted: under a new id, sealed to the key of the case. */
export async function sealedFor(key: CaseKey, message: SignedMessage, random: RandomBytes) {
  return {
    id: bytesToBase64url(random(16)),
    epoch: key.epoch,
    body: bytesToBase64(await sealItem(message, key.identity.recipient)),
  }
}

function penOf(pen: OwnPen | null): OwnPen {
  if (pen === null) throw new RangeError('Sealing a report writes its records.')
  return pen
}

/** The people who get it, chosen once, so that the report can name them. */
function readersOf(
  { keys, organisation, exclude, nowSeconds }: NewCase,
  random: RandomBytes,
): readonly RosterEntry[] {
  const { entries, recovery } = organisation.verified.roster
  const chosen = chooseReaders(
    {
      survivor: { mailbox: keys.mailbox, recipient: keys.identity.recipient },
      recovery,
      entries,
      exclude,
      day: dayOf(nowSeconds),
    },
    random,
  )
  const addresses = new Set(chosen.map(({ address }) => address))
  return entries.filter(({ addr, role }) => role === 'intake' && addresses.has(addr))
}

function sayings(
  { text, ageBand, exclude, sets }: NewCase,
  readers: readonly RosterEntry[],
): readonly EntryBody[] {
  const members = readers.map(({ id }) => id)
  const body = { members, exclude: [...exclude], ageBand, ...(text !== '' && { text }) }
  return [{ type: 'case.submit', body }, ...sets.map(({ id, set }) => printsEntry(id, set))]
}

function openingOf({ keys, log, nowSeconds }: NewCase, drop: string, random: RandomBytes): Opening {
  return {
    salt: random(32),
    record: {
      v: 1,
      type: 'report.received',
      id: bytesToHex(random(16)),
      log,
      at: `${new Date(nowSeconds * 1_000).toISOString().slice(0, 19)}Z`,
      by: { role: 'survivor', key: bytesToHex(sha256(keys.sign.publicKey)).slice(0, 16) },
      body: { drop, blobs: 0 },
    },
  }
}
