import { expect, it } from 'vitest'
import { bytesToHex } from '../../bytes/index.ts'
import { partnerRoot } from './partner-root.ts'
import { formatRosterText } from './roster-text.ts'
import { addRootSignature, rootSigningKey, signRootText } from './sign-root-note.ts'
import { codeOf, NOW, proofOf, rosterOf, seedOf, signedText, trust, verifiedRoster } from './testing.ts'
import { verifyRoster } from './verify-roster.ts'

const org = 'partner.example'
const keys = ([1, 2, 3] as const).map((n) => rootSigningKey(org, n, seedOf(`partner ${n}`)))
const [one, two] = keys
const partner = {
  org,
  name: 'Partner',
  rootKeys: keys.map(({ vkey }) => bytesToHex(vkey.publicKey)),
  intakeUrl: 'https://partner.example/',
}
const own = await verifiedRoster(rosterOf({ partners: [partner] }))

it('verifies the roster of a partner by the root that our own roster names', async () => {
  if (one === undefined || two === undefined) throw new Error('two officers are expected')
  const text = formatRosterText(rosterOf({ org }))
  const proof = await proofOf(text, 1)
  const options = { trust: { ...trust, root: partnerRoot(own, org) }, nowSeconds: NOW }
  const note = addRootSignature(signRootText(text, one), two)
  expect(verifyRoster(note, proof, options).roster.org).toBe(org)
  expect(
    codeOf(() => verifyRoster(signedText(text), proof, options)),
    'by our officers',
  ).toBe('ROSTER_INVALID')
})

it('knows no root of an organisation that is no partner', () => {
  expect(codeOf(() => partnerRoot(own, 'other.example'))).toBe('ROOT_INVALID')
})
