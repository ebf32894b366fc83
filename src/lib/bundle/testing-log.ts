import { sha256 } from '@noble/hashes/sha2.js'
import { textToUtf8 } from '../bytes/index.ts'
import {
  commit,
  cosign,
  formatCheckpoint,
  formatLeaf,
  formatProof,
  formatVkey,
  inclusionProof,
  leafHash,
  noteKey,
  parseNote,
  rootOf,
  type SigningKey,
  signNote,
  witnessKey,
} from '../tlog/index.ts'
import { utf8 } from './format/bytes.ts'

/** A log in memory with two witnesses, signed and co-signed with the test keys of the log library's vectors. */
export interface TestLog {
  origin: string
  policy: string
  leaves: Uint8Array[]
  /** Appends and answers the commitment's proof once `checkpoint` is asked for. */
  append(record: Uint8Array, salt: Uint8Array): number
  /** A proof text for the entry, in the tree as it is now, seen by the first `witnessCount` witnesses. */
  proof(index: number, witnessCount?: number): Promise<string>
}

export const LOG_ORIGIN = 'log.example/custody'
const SEEN_AT = 1_768_900_000

const seedOf = (text: string): Uint8Array => sha256(utf8(text))

export function testLog(quorum = 'all', names: readonly string[] = ['w1', 'w2']): TestLog {
  const log = noteKey(LOG_ORIGIN, seedOf('saksi test key log'))
  const witnesses = names.map((name) =>
    witnessKey(`witness.example/${name}`, seedOf(`saksi test key ${name}`)),
  )
  const leaves: Uint8Array[] = ['a', 'b', 'c'].map((name) => formatLeaf(commit(seedOf(name), utf8('pad'))))
  return {
    origin: LOG_ORIGIN,
    policy: policyText(log, witnesses, names, quorum),
    leaves,
    append: (record, salt) => leaves.push(formatLeaf(commit(salt, record))) - 1,
    proof: (index, witnessCount = witnesses.length) =>
      proofOf(log, witnesses.slice(0, witnessCount), leaves, index),
  }
}

function policyText(
  log: SigningKey,
  witnesses: readonly SigningKey[],
  names: readonly string[],
  quorum: string,
): string {
  const lines = witnesses.map(({ vkey }, i) => `witness ${names[i] ?? ''} ${formatVkey(vkey)}\n`).join('')
  const end =
    quorum === 'none' ? 'quorum none\n' : `group enough ${quorum} ${names.join(' ')}\nquorum enough\n`
  return `# test\nlog ${formatVkey(log.vkey)}\n${lines}${end}`
}

async function proofOf(
  log: SigningKey,
  witnesses: readonly SigningKey[],
  leaves: readonly Uint8Array[],
  index: number,
): Promise<string> {
  const hashes = leaves.map(leafHash)
  const size = hashes.length
  const text = formatCheckpoint({ origin: LOG_ORIGIN, size, root: rootOf(hashes) })
  const note = parseNote(signNote(text, [log]))
  const cosignatures = witnesses.map((key, i) => cosign(text, key, SEEN_AT + i))
  return formatProof({
    extra: null,
    index,
    hashes: await inclusionProof(index, size, (subtrees) =>
      subtrees.map(({ level, index: at }) => rootOf(hashes.slice(at * 2 ** level, (at + 1) * 2 ** level))),
    ),
    note: { ...note, signatures: [...note.signatures, ...cosignatures] },
  })
}

export function testSalt(name: string): Uint8Array {
  return sha256(textToUtf8(`salt ${name}`) ?? new Uint8Array())
}
