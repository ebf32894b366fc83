import { expect, it } from 'vitest'
import {
  type CaseKey,
  composeMessage,
  deriveReturnKeys,
  formatReturnCode,
  judgeMessages,
  makeReturnCode,
  openCase,
  openItem,
  openOwnCase,
  parseReturnCode,
  SURVIVOR,
  sealItem,
  sealReport,
  solveWork,
  systemRandom,
} from './index.ts'
import { NOW, people, TODAY, verifiedRoster } from './roster/testing.ts'

it('does what the example of the README says', async () => {
  const verified = await verifiedRoster()
  const worker = people.intake
  const exclude: string[] = []
  const [nowSeconds, today] = [NOW, TODAY]
  const challenge = { nonce: systemRandom(16), bits: 8 }
  const wrapAt = (address: string) =>
    submission.slots.find((slot) => slot.address === address)?.wrap ?? new Uint8Array(0)

  // README: begin
  const { roster, sha256 } = verified // by `verifyRoster`, always before anything is sealed to anybody
  const draft = (t: 'report' | 'reply', { caseRef, epoch }: CaseKey, author: string, text: string) => {
    return { t, caseRef, epoch, author, roster: roster.v, day: today, body: { text } } as const
  }

  // The survivor's page. `challenge` came from the server.
  const code = makeReturnCode(systemRandom)
  const keys = await deriveReturnKeys(code, 'org.example')
  const shown = { version: roster.v, sha256, entries: roster.entries, recovery: roster.recovery }
  const records = (key: CaseKey) => {
    return [composeMessage(draft('report', key, SURVIVOR, 'Gambar saya disebar.'), keys.sign, new Map())]
  }
  const report = { keys, roster: shown, exclude, nowSeconds, records }
  const { submission, digest } = await sealReport(report, systemRandom)
  const counter = await solveWork(challenge) // sent with `submission`; `digest` goes into the custody log
  const shownOnce = formatReturnCode(code) // seven groups of four digits, for her to write down

  // A caseworker, to whom the server gave her wrap and the items.
  const [first = new Uint8Array(0), second = new Uint8Array(0)] = submission.items
  const { key, opening } = await openCase(wrapAt(worker.entry.addr), first, worker.identity)
  const delivered = [{ id: '1', epoch: 1, payload: await openItem(second, key.identity) }]
  const survivorKeys = [{ sign: opening.signPk }]
  const context = { caseRef: key.caseRef, survivorKeys, rosters: [verified] as const, today }
  const { items, heads } = judgeMessages(delivered, context)
  const reply = composeMessage(draft('reply', key, worker.id, 'Kami di sini.'), worker.sign, heads)
  const sealedReply = await sealItem(reply, key.identity.recipient)

  // The survivor comes back with nothing but her code.
  const again = await deriveReturnKeys(parseReturnCode(shownOnce), 'org.example')
  const hers = await openOwnCase(wrapAt(again.mailbox), first, again)
  const answer = { id: '2', epoch: 1, payload: await openItem(sealedReply, hers.key.identity) }
  const conversation = judgeMessages([...delivered, answer], context)
  // README: end

  expect(counter).toBeGreaterThanOrEqual(0)
  expect(digest).toMatch(/^[0-9a-f]{64}$/)
  expect(items).toMatchObject([{ verdict: 'verified', role: 'survivor', message: { t: 'report' } }])
  expect(conversation.items).toMatchObject([
    { verdict: 'verified', message: { body: { text: 'Gambar saya disebar.' } } },
    { verdict: 'verified', role: 'intake', message: { t: 'reply', body: { text: 'Kami di sini.' } } },
  ])
})
