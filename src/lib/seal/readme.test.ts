import { expect, it } from 'vitest'
import {
  bytesToBase64url,
  deriveReturnKeys,
  formatReturnCode,
  hybridIdentityOf,
  makeReturnCode,
  openCase,
  openItem,
  openOwnCase,
  parseReturnCode,
  sealItem,
  sealReport,
  solveWork,
  systemRandom,
} from './index.ts'
import type { RosterEntry } from './roster/model.ts'

const newId = () => bytesToBase64url(systemRandom(16))

it('does what the example of the README says', async () => {
  const worker = await hybridIdentityOf(systemRandom(32))
  const entry: RosterEntry = {
    id: newId(),
    role: 'intake',
    age: worker.recipient,
    sign: 'b'.repeat(64),
    addr: newId(),
    langs: ['ms'],
    since: '2026-01-01',
  }
  const recovery = { age: (await hybridIdentityOf(systemRandom(32))).recipient, addr: newId() }
  const roster = { version: 1, sha256: 'a'.repeat(64), entries: [entry], recovery }
  const exclude: string[] = []
  const nowSeconds = 1_796_000_000
  const challenge = { nonce: systemRandom(16), bits: 8 }
  const wrapAt = (address: string) =>
    submission.slots.find((slot) => slot.address === address)?.wrap ?? new Uint8Array(0)

  // README: begin
  // The survivor's page. `roster` was verified before; `challenge` came from the server.
  const code = makeReturnCode(systemRandom)
  const keys = await deriveReturnKeys(code, 'org.example')
  const records = ({ caseRef }: { caseRef: string }) => [
    { t: 'report', caseRef, body: 'Somebody shares my pictures.' },
  ]
  const report = { keys, roster, exclude, nowSeconds, records }
  const { submission, digest } = await sealReport(report, systemRandom)
  const counter = await solveWork(challenge) // sent with `submission`; `digest` goes into the custody log
  const shownOnce = formatReturnCode(code) // seven groups of four digits, for her to write down

  // A caseworker, who got her wrap and the first items from the server.
  const [firstItem = new Uint8Array(0), secondItem = new Uint8Array(0)] = submission.items
  const { key, opening } = await openCase(wrapAt(entry.addr), firstItem, worker)
  const read = await openItem(secondItem, key.identity) // a signed message; `opening.signPk` is whose it must be
  const reply = await sealItem(
    { t: 'reply', caseRef: key.caseRef, body: 'We are here.' },
    key.identity.recipient,
  )

  // The survivor comes back with nothing but her code.
  const again = await deriveReturnKeys(parseReturnCode(shownOnce), 'org.example')
  const hers = await openOwnCase(wrapAt(again.mailbox), firstItem, again)
  const answer = await openItem(reply, hers.key.identity)
  // README: end

  expect(counter).toBeGreaterThanOrEqual(0)
  expect(digest).toMatch(/^[0-9a-f]{64}$/)
  expect(opening.exclude).toEqual([])
  expect(read).toEqual({ t: 'report', caseRef: key.caseRef, body: 'Somebody shares my pictures.' })
  expect(answer).toEqual({ t: 'reply', caseRef: key.caseRef, body: 'We are here.' })
})
