import { setTimeout as sleep } from 'node:timers/promises'
import {
  addSignatures,
  consistencyProof,
  evaluatePolicy,
  type HashReader,
  type Note,
  type NoteSignature,
  type Policy,
  parseCheckpoint,
} from '#lib/tlog/index.ts'
import { type AskOptions, askWitness, type WitnessAnswer, type WitnessPeer } from './client.ts'

export interface CollectOptions extends AskOptions {
  /** How long to go on asking witnesses that cannot answer. */
  readonly patienceMs: number
}

/** How it stands with one witness. */
export interface WitnessState {
  readonly name: string
  readonly answer: WitnessAnswer
}

export interface Collected {
  /** The checkpoint with the log's signature and the co-signatures that were gathered. */
  readonly note: string
  readonly hasQuorum: boolean
  readonly witnesses: readonly WitnessState[]
}

/** After the quorum, for witnesses that are about to answer. */
const GRACE_MS = 2_000
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 5 * 60_000

/** The witnesses of a policy that have an address. */
export function peersOf(policy: Policy): WitnessPeer[] {
  return policy.witnesses.flatMap(({ name, vkey, url }) => (url === null ? [] : [{ name, vkey, url }]))
}

/**
 * Asks every witness which size it has co-signed last, by offering it a checkpoint that we have signed already, without
 * a proof. A witness that has seen none takes it; any other answers with its size. Gives the answers by policy name.
 */
export async function askSizes(
  peers: readonly WitnessPeer[],
  note: Note,
  options: AskOptions,
): Promise<Map<string, number | WitnessAnswer>> {
  const { size } = parseCheckpoint(note.text)
  const asked = peers.map(async (peer) => {
    const answer = await askWitness(peer, { oldSize: 0, proof: [], note }, options)
    if (answer.kind === 'conflict') return [peer.name, answer.size] as const
    return [peer.name, answer.kind === 'cosigned' ? size : answer] as const
  })
  return new Map(await Promise.all(asked))
}

/**
 * Gathers co-signatures from all witnesses at once, until every one has answered, patience is over, or the quorum is
 * reached and the others had a short while more. `sizes` says what each has co-signed last.
 */
export async function collectCosignatures(
  note: Note,
  {
    policy,
    sizes,
    readHashes,
  }: { policy: Policy; sizes: ReadonlyMap<string, number>; readHashes: HashReader },
  options: CollectOptions,
): Promise<Collected> {
  const enough = new AbortController()
  const reached = new Set<string>()
  const gathered: NoteSignature[] = []
  const signal = AbortSignal.any([options.signal, enough.signal, AbortSignal.timeout(options.patienceMs)])
  let grace: NodeJS.Timeout | undefined
  const asking = peersOf(policy).map(async (peer): Promise<WitnessState> => {
    const claim = { note, oldSize: sizes.get(peer.name) ?? 0, readHashes }
    const answer = await askUntilAnswered(peer, claim, { ...options, signal })
    if (answer.kind === 'cosigned') {
      gathered.push(...answer.signatures)
      reached.add(peer.name)
      if (evaluatePolicy(policy, reached)) grace ??= setTimeout(() => enough.abort(), GRACE_MS)
    }
    return { name: peer.name, answer }
  })
  const witnesses = await Promise.all(asking)
  clearTimeout(grace)
  return { note: addSignatures(note, gathered), hasQuorum: evaluatePolicy(policy, reached), witnesses }
}

interface Claim {
  readonly note: Note
  readonly oldSize: number
  readonly readHashes: HashReader
}

/** Asks again while the witness cannot answer, with growing pauses; once more when it has another size than we thought. */
async function askUntilAnswered(
  peer: WitnessPeer,
  claim: Claim,
  options: AskOptions,
): Promise<WitnessAnswer> {
  let { oldSize } = claim
  let hasCorrected = false
  for (let pauseMs = FIRST_PAUSE_MS; ; ) {
    const answer = await ask(peer, { ...claim, oldSize }, options)
    const { size } = parseCheckpoint(claim.note.text)
    if (answer.kind === 'conflict' && answer.size <= size && !hasCorrected) {
      hasCorrected = true
      oldSize = answer.size
      continue
    }
    if (answer.kind !== 'unavailable' || options.signal.aborted) return answer
    await sleep(pauseMs, undefined, { signal: options.signal }).catch(() => undefined)
    if (options.signal.aborted) return answer
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }
}

async function ask(
  peer: WitnessPeer,
  { note, oldSize, readHashes }: Claim,
  options: AskOptions,
): Promise<WitnessAnswer> {
  const { size } = parseCheckpoint(note.text)
  const proof = await consistencyProof(oldSize, size, readHashes)
  return askWitness(peer, { oldSize, proof, note }, options)
}
