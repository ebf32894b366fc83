import { expect, it } from 'vitest'
import { formatVkey, parsePolicy } from '../../tlog/index.ts'
import vector from '../vectors/roster.json' with { type: 'json' }
import { orgRoot, rootFingerprint } from './root.ts'
import { formatRosterText } from './roster-text.ts'
import { logKey, rosterOf, signedText, witnessKeys } from './testing.ts'
import { verifyRoster } from './verify-roster.ts'

const policy = parsePolicy(
  [
    `log ${formatVkey(logKey.vkey)}`,
    ...witnessKeys.map(({ vkey }, i) => `witness w${i + 1} ${formatVkey(vkey)}`),
    'group two 2 w1 w2 w3',
    'quorum two',
    '',
  ].join('\n'),
)

it('verifies the frozen roster with its frozen proof', () => {
  const root = orgRoot('org.example', vector.rootKeysHex)
  const options = { trust: { root, minVersion: 1, policy }, nowSeconds: vector.nowSeconds }
  const { roster, sha256 } = verifyRoster(vector.note, vector.proof, options)
  expect(roster).toEqual(rosterOf())
  expect(sha256).toBe(vector.sha256)
  expect(rootFingerprint(root)).toBe(vector.fingerprint)
})

it('signs the same roster to the same bytes', () => {
  expect(signedText(formatRosterText(rosterOf()))).toBe(vector.note)
})
