import { expect, it } from 'vitest'

import {
  commitmentOf,
  type Ed25519Verifier,
  formatLeaf,
  formatProof,
  formatVkey,
  leafHash,
  parseNote,
  parsePolicy,
  parseProof,
  proofVerifier,
  type VerifyProofOptions,
  verifyProof,
} from '../index.ts'
import { verifyEd25519 } from '../note/ed25519.ts'
import {
  ascii,
  codeOf,
  logKey,
  OPENING,
  ORIGIN,
  POLICY,
  RECORD,
  signedLog,
  TIME,
} from '../testing/fixtures.ts'

const policy = parsePolicy(POLICY)
const leaf = leafHash(formatLeaf(commitmentOf(OPENING)))
const { file, hashes, leaves, root } = await signedLog()
const verify = (text: string | Uint8Array, options: Partial<VerifyProofOptions> = {}) =>
  verifyProof(parseProof(text), { policy, ...options })

it('shows who saw her report in the log, and by when', () => {
  const verified = verify(file, { log: ORIGIN, leafHash: leaf })
  expect(verified).toEqual({
    checkpoint: { origin: ORIGIN, size: 7, root },
    index: 3,
    opening: OPENING,
    hasQuorum: true,
    witnesses: [1, 2, 3].map((i) => ({
      name: `w${i}`,
      keyName: `witness.example/w${i}`,
      time: TIME + i - 1,
    })),
  })
})

it('verifies the signatures of a note once for proofs that follow each other, and of each other note again', () => {
  let count = 0
  const ed25519: Ed25519Verifier = (message, signature, publicKey) => {
    count++
    return verifyEd25519(message, signature, publicKey)
  }
  const check = proofVerifier({ policy, log: ORIGIN, ed25519 })
  const proof = parseProof(file)
  expect(check(proof)).toEqual(verify(file))
  expect(check(parseProof(file), leaf).index).toBe(3)
  expect(count).toBe(4)
  const [first, ...others] = proof.note.signatures
  if (first === undefined) throw new Error('no signature')
  const forged = { ...first, signature: first.signature.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) }
  const note = { ...proof.note, signatures: [forged, ...others] }
  expect(codeOf(() => check({ ...proof, note }))).toBe('NOTE_SIGNATURE')
  expect(codeOf(() => check({ ...proof, index: 4 }))).toBe('INCLUSION_INVALID')
  expect(codeOf(() => check(proof, leafHash(ascii('another'))))).toBe('OPENING_MISMATCH')
  expect(codeOf(() => check({ ...proof, extra: null }))).toBe('OPENING_MALFORMED')
})

it('verifies with and without the opening, as text and as bytes', () => {
  const bare = formatProof({ ...parseProof(file), extra: null })
  expect(bare).not.toContain('extra')
  expect(verify(bare, { leafHash: leaf }).opening).toBeNull()
  expect(verify(ascii(file)).index).toBe(3)
  expect(codeOf(() => verify(bare))).toBe('OPENING_MALFORMED')
})

it('writes again byte for byte what it read', async () => {
  for (const size of [1, 2, 64]) {
    const log = await signedLog({ size, index: size - 1 })
    expect(formatProof(parseProof(log.file))).toBe(log.file)
    expect(verify(log.file).index).toBe(size - 1)
  }
})

it('refuses files in another form', () => {
  const [first = '', extra = '', index = '', hash = ''] = file.split('\n')
  const bad = [
    '',
    first,
    file.replace(first, `${first} `),
    file.replace('@v1', '@v2'),
    ` ${file}`,
    `\ufeff${file}`,
    file.replaceAll('\n', '\r\n'),
    file.replace(`${extra}\n`, `${extra}\n${extra}\n`),
    file.replace(`${extra}\n${index}`, `${index}\n${extra}`),
    file.replace(extra, 'extra '),
    file.replace(extra, 'extra'),
    file.replace(extra, `${extra} `),
    file.replace(extra, `extra ${'A'.repeat(21848)}`),
    file.replace(`${index}\n`, ''),
    file.replace(index, 'index'),
    file.replace(index, 'index 03'),
    file.replace(index, 'index +3'),
    file.replace(index, 'index -1'),
    file.replace(index, 'index 3.0'),
    file.replace(index, 'index 281474976710656'),
    file.replace(index, `${index}\n${index}`),
    file.replace(hash, hash.slice(0, -1)),
    file.replace(hash, `${hash.slice(0, 42)}B=`),
    file.replace(hash, hash.slice(0, -4)),
    file.replace(hash, `${hash} `),
    file.replace(hash, `${hash}\n `),
    file.replace(`${hash}\n`, `${`${hash}\n`.repeat(62)}`),
    file.replace('\n\n', '\n'),
  ]
  bad.forEach((text, i) => {
    expect(
      codeOf(() => parseProof(text)),
      `file ${i}`,
    ).toMatch(i < bad.length - 1 ? /^PROOF_MALFORMED$/ : /^(PROOF|NOTE)_MALFORMED$/)
  })
  expect(codeOf(() => parseProof('x'.repeat(300_000)))).toBe('PROOF_MALFORMED')
  expect(codeOf(() => parseProof(file.slice(0, -1)))).toBe('NOTE_MALFORMED')
  expect(codeOf(() => parseProof(file.replace(/\n\n.*/s, '\n\n')))).toBe('NOTE_MALFORMED')
  expect(codeOf(() => formatProof({ ...parseProof(file), index: -1 }))).toBe('PROOF_MALFORMED')
})

it('refuses a wrong index, wrong hashes, and another leaf', () => {
  const proof = parseProof(file)
  const check = (changes: Partial<typeof proof>, options: Partial<VerifyProofOptions> = {}) =>
    codeOf(() => verifyProof({ ...proof, ...changes }, { policy, ...options }))
  for (const index of [0, 1, 2, 4, 5, 6]) expect(check({ index }), `index ${index}`).toBe('INCLUSION_INVALID')
  for (const index of [7, 8, 2 ** 47]) expect(check({ index }), `index ${index}`).toBe('TREE_RANGE')
  expect(check({ hashes: hashes.toReversed() })).toBe('INCLUSION_INVALID')
  expect(check({ hashes: hashes.slice(1) })).toBe('INCLUSION_INVALID')
  expect(check({ hashes: [...hashes, leaf] })).toBe('INCLUSION_INVALID')
  expect(check({}, { leafHash: leaves[2] ?? leaf })).toBe('OPENING_MISMATCH')
  expect(check({ extra: null }, { leafHash: leaves[2] ?? leaf })).toBe('INCLUSION_INVALID')
})

it('names the log, the record and the witnesses as the reason', async () => {
  expect(codeOf(() => verify(file, { log: 'other.example/log' }))).toBe('PROOF_LOG')
  const foreign = { ...OPENING, record: { ...RECORD, log: 'other.example/log' } }
  const replayed = await signedLog({ opening: foreign })
  expect(codeOf(() => verify(replayed.file))).toBe('RECORD_LOG')
  const alone = await signedLog({ cosigners: 1 })
  expect(codeOf(() => verify(alone.file))).toBe('PROOF_QUORUM')
  expect(verify(alone.file, { allowMissingQuorum: true }).hasQuorum).toBe(false)
  const others = parsePolicy(POLICY.replaceAll(formatVkey(logKey.vkey), formatVkey({ ...logKey.vkey })))
  expect(verify(file, { policy: others }).hasQuorum).toBe(true)
})

it('refuses a proof with any character of its checkpoint or signatures changed', async () => {
  const { file: short, note: signed } = await signedLog({ size: 1, index: 0, cosigners: 1 })
  const w1 = parsePolicy(POLICY.replace('quorum two', 'quorum w1'))
  const start = short.indexOf('\n\n') + 2
  expect(codeOf(() => verify(short, { policy: w1 }))).toBeNull()
  expect(parseNote(short.slice(start))).toEqual(signed)
  for (let at = start; at < short.length; at++) {
    const changed = `${short.slice(0, at)}${short[at] === 'A' ? 'B' : 'A'}${short.slice(at + 1)}`
    expect(
      codeOf(() => verify(changed, { policy: w1 })),
      `character ${at}`,
    ).not.toBeNull()
  }
})
