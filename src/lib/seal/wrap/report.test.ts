import { sha256 } from '@noble/hashes/sha2.js'
import { beforeAll, expect, it } from 'vitest'
import { bytesToHex } from '../../bytes/index.ts'
import { openItem, SEALED_ITEM_BYTES } from '../frame/item.ts'
import { bytesToBase64url } from '../keys/base64url.ts'
import { type AgeIdentity, hybridIdentityOf } from '../keys/identity.ts'
import { systemRandom } from '../keys/random.ts'
import type { ReturnKeys } from '../keys/return-keys.ts'
import { signingKeyOf } from '../keys/signing.ts'
import type { RosterEntry } from '../roster/model.ts'
import { openCase, openOwnCase } from './open-case.ts'
import { type NewReport, type SealedReport, sealReport } from './report.ts'
import { submissionManifest } from './submission-manifest.ts'
import { openWrap } from './wrap.ts'

const refused = (code: string) => expect.objectContaining({ code })
const newId = () => bytesToBase64url(systemRandom(16))
const nowSeconds = Date.parse('2026-11-24T10:00:00Z') / 1000

async function newPerson(): Promise<{ identity: AgeIdentity; entry: RosterEntry }> {
  const identity = await hybridIdentityOf(systemRandom(32))
  const sign = bytesToHex(signingKeyOf(systemRandom(32)).publicKey)
  const own = { id: newId(), age: identity.recipient, sign, addr: newId() }
  return { identity, entry: { ...own, role: 'intake', langs: ['ms'], since: '2026-01-01' } }
}

async function newKeys(): Promise<ReturnKeys> {
  return {
    mailbox: newId(),
    auth: signingKeyOf(systemRandom(32)),
    sign: signingKeyOf(systemRandom(32)),
    identity: await hybridIdentityOf(systemRandom(32)),
    escrowSeed: systemRandom(64),
  }
}

let keys: ReturnKeys
let amina: Awaited<ReturnType<typeof newPerson>>
let divya: Awaited<ReturnType<typeof newPerson>>
let recovery: AgeIdentity
let report: NewReport
let sealed: SealedReport

beforeAll(async () => {
  keys = await newKeys()
  amina = await newPerson()
  divya = await newPerson()
  recovery = await hybridIdentityOf(systemRandom(32))
  report = {
    keys,
    roster: {
      version: 3,
      sha256: 'a'.repeat(64),
      entries: [amina.entry, divya.entry],
      recovery: { age: recovery.recipient, addr: newId() },
    },
    exclude: [divya.entry.id],
    nowSeconds,
    records: (key) => [{ t: 'report', caseRef: key.caseRef, text: 'apa-apa' }],
  }
  sealed = await sealReport(report, systemRandom)
})

const wrapFor = (address: string) =>
  sealed.submission.slots.find((slot) => slot.address === address)?.wrap ?? new Uint8Array(0)

it('hands in twelve wraps and items of known lengths, and a digest of all of it', () => {
  const { submission, digest } = sealed
  expect(submission.slots).toHaveLength(12)
  expect(submission.items.map(({ length }) => length)).toEqual([SEALED_ITEM_BYTES[0], SEALED_ITEM_BYTES[0]])
  expect(submission.week).toBe('2026-W48')
  const manifest = submissionManifest(submission)
  expect(manifest.items).toEqual(submission.items.map((item) => bytesToHex(sha256(item))))
  expect(digest).toMatch(/^[0-9a-f]{64}$/)
})

it('lets survivor, intake and recovery read it, each from the own wrap', async () => {
  const [first = new Uint8Array(0), second = new Uint8Array(0)] = sealed.submission.items
  const hers = await openOwnCase(wrapFor(keys.mailbox), first, keys)
  expect(hers.key).toEqual(sealed.key)
  expect(hers.opening).toMatchObject({ rosterVersion: 3, exclude: [divya.entry.id], week: '2026-W48' })
  const workers = await openCase(wrapFor(amina.entry.addr), first, amina.identity)
  expect(workers).toEqual(hers)
  expect(await openItem(second, workers.key.identity)).toMatchObject({ t: 'report', text: 'apa-apa' })
  const recovered = await openWrap(wrapFor(report.roster.recovery.addr), recovery, sealed.key)
  expect(recovered).toEqual(sealed.key)
})

it('gives nothing at all to the excluded person', async () => {
  expect(wrapFor(divya.entry.addr)).toHaveLength(0)
  for (const { wrap } of sealed.submission.slots)
    await expect(openWrap(wrap, divya.identity, sealed.key)).rejects.toEqual(refused('SEAL_NOT_FOR_THIS_KEY'))
  for (const item of sealed.submission.items)
    await expect(openItem(item, divya.identity)).rejects.toEqual(refused('SEAL_NOT_FOR_THIS_KEY'))
})

it('notices a first item that was put under another case', async () => {
  const other = await sealReport({ ...report, keys: await newKeys() }, systemRandom)
  const [foreign = new Uint8Array(0)] = other.submission.items
  const opened = openCase(wrapFor(amina.entry.addr), foreign, amina.identity)
  await expect(opened).rejects.toEqual(refused('SEAL_NOT_FOR_THIS_KEY'))
  const second = sealed.submission.items[1] ?? new Uint8Array(0)
  const wrongItem = openCase(wrapFor(amina.entry.addr), second, amina.identity)
  await expect(wrongItem).rejects.toEqual(refused('CASE_OPEN_INVALID'))
})

it('shows in nothing that is handed in what was written, by whom, and who reads it', () => {
  const { slots, items } = sealed.submission
  const all = [...slots.map(({ wrap }) => wrap), ...items]
    .map((bytes) => String.fromCharCode(...bytes))
    .join('')
  for (const secret of ['apa-apa', sealed.key.caseRef, bytesToHex(keys.sign.publicKey), divya.entry.id])
    expect(all).not.toContain(secret)
  const addresses = slots.map(({ address }) => address)
  expect(addresses).not.toContain(divya.entry.addr)
})

it('says that a text is too long before anything slow is done, and that nobody is left to read it', async () => {
  const tooLong = { ...report, records: () => [{ text: 'x'.repeat(262_001) }] }
  await expect(sealReport(tooLong, systemRandom)).rejects.toEqual(refused('FRAME_TOO_LARGE'))
  const nobody = { ...report, exclude: [amina.entry.id, divya.entry.id] }
  await expect(sealReport(nobody, systemRandom)).rejects.toEqual(refused('CASE_NO_RECIPIENT'))
  const partner = { ...nobody, partnerEntries: [(await newPerson()).entry] }
  const { submission } = await sealReport(partner, systemRandom)
  expect(submission.slots.map(({ address }) => address)).toContain(partner.partnerEntries[0]?.addr)
})
