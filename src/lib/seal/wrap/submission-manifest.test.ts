import { expect, it } from 'vitest'
import { submissionDigest, submissionManifest } from './submission-manifest.ts'

const submission = {
  mailbox: 'SuEEpKfn9H_PGQSDE3CUBg',
  authPublicKey: new Uint8Array(32).fill(0xab),
  slots: [0, 1, 2].map((slot) => ({ slot, address: '', wrap: new Uint8Array([slot]) })),
  items: [new Uint8Array([9])],
  week: '2026-W48',
}

it('names everything that is handed in by its digest', () => {
  const manifest = submissionManifest(submission)
  expect(manifest).toEqual({
    v: 1,
    mailbox: submission.mailbox,
    authPk: 'ab'.repeat(32),
    wraps: [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a',
      'dbc1b4c900ffe48d575b5da5c638040125f65db0fe3e24494b76ea986457d986',
    ],
    items: ['2b4c342f5433ebe591a1da77e013d1b72475562d48578dca8b84bac6651c3cb9'],
    week: '2026-W48',
  })
})

it('gives the same digest to client and server, in whatever order the slots come', () => {
  const digest = submissionDigest(submissionManifest(submission))
  const turned = { ...submission, slots: [...submission.slots].reverse() }
  expect(digest).toMatch(/^[0-9a-f]{64}$/)
  expect(submissionDigest(submissionManifest(turned))).toBe(digest)
  const other = { ...submission, items: [new Uint8Array([8])] }
  expect(submissionDigest(submissionManifest(other))).not.toBe(digest)
})
