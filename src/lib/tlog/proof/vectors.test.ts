import { expect, it } from 'vitest'
import {
  commitmentOf,
  parseNote,
  parsePolicy,
  parseProof,
  parseVkey,
  verifyInterimReceipt,
  verifyProof,
} from '../index.ts'
import { codeOf } from '../testing/fixtures.ts'
import vectors from '../vectors/proof.json' with { type: 'json' }

const policy = parsePolicy(vectors.policy)

it('verifies the proof and the receipt of the vectors', () => {
  const { checkpoint, index, witnesses, opening } = verifyProof(parseProof(vectors.proof), { policy })
  const { origin, size } = checkpoint
  expect({ origin, size, index, witnesses: witnesses.map(({ name, time }) => [name, time]) }).toEqual(
    vectors.verified,
  )
  if (opening === null) throw new Error('the proof has no opening')
  const receipt = verifyInterimReceipt(
    parseNote(vectors.receipt),
    [parseVkey(vectors.receiptsVkey)],
    commitmentOf(opening),
  )
  expect(receipt.log).toBe(origin)
})

it('refuses the invalid proofs of the vectors with their codes', () => {
  for (const { why, code, proof } of vectors.invalid) {
    expect(
      codeOf(() => verifyProof(parseProof(proof), { policy })),
      why,
    ).toBe(code)
  }
})
