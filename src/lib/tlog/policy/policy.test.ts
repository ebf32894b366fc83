import { expect, it } from 'vitest'
import { concatBytes } from '../../bytes/index.ts'
import {
  addSignatures,
  cosign,
  evaluatePolicy,
  formatVkey,
  keyId,
  makeVkey,
  noteKey,
  parseNote,
  parsePolicy,
  signNote,
  verifyCheckpoint,
  witnessKey,
} from '../index.ts'
import {
  ascii,
  codeOf,
  logKey,
  ORIGIN,
  POLICY,
  seedOf,
  signedLog,
  TIME,
  witnessKeys,
} from '../testing/fixtures.ts'

const log = formatVkey(logKey.vkey)
const [k1 = '', k2 = '', k3 = '', k4 = '', k5 = '', k6 = ''] = [1, 2, 3, 4, 5, 6].map((i) =>
  formatVkey(witnessKey(`w.example/${i}`, seedOf(`witness ${i}`)).vkey),
)
const lines = (...all: string[]) => `${all.join('\n')}\n`
const reached = (policy: string, ...names: string[]) =>
  evaluatePolicy(parsePolicy(policy, { allowNoWitness: true }), new Set(names))

it('reads logs, witnesses, groups and the quorum', () => {
  const policy = parsePolicy(POLICY)
  expect(policy.logs).toEqual([{ vkey: logKey.vkey, url: 'https://log.example/custody' }])
  expect(policy.witnesses.map(({ name, url }) => [name, url])).toEqual([
    ['w1', null],
    ['w2', null],
    ['w3', null],
  ])
  expect(policy.groups).toEqual([{ name: 'two', threshold: 2, members: ['w1', 'w2', 'w3'] }])
  expect(policy.quorum).toBe('two')
})

it('allows comments, blank lines, tabs and space around', () => {
  const policy = parsePolicy(
    lines('# made for a test', '', ' \t ', `\tlog  ${log}\t`, '  # more', `witness a ${k1}`, 'quorum a'),
  )
  expect(policy.logs.length).toBe(1)
  expect(policy.quorum).toBe('a')
})

it('keeps names of any octets apart', () => {
  const policy = parsePolicy(
    concatBytes(
      ascii('witness '),
      new Uint8Array([0xff]),
      ascii(` ${k1}\nwitness `),
      new Uint8Array([0xfe]),
      ascii(` ${k2}\nquorum `),
      new Uint8Array([0xff]),
      ascii('\n'),
    ),
  )
  expect(policy.quorum).toBe(policy.witnesses[0]?.name)
  expect(policy.witnesses[0]?.name).not.toBe(policy.witnesses[1]?.name)
  expect(parsePolicy(lines(`witness K ${k1}`, `witness \u212a ${k2}`, 'quorum K')).witnesses.length).toBe(2)
})

it('reaches a single witness, thresholds, and groups of groups', () => {
  const single = lines(`witness a ${k1}`, 'quorum a')
  expect([reached(single), reached(single, 'a'), reached(single, 'b')]).toEqual([false, true, false])
  expect(['', 'w1', 'w1 w2', 'w1 w2 w3'].map((names) => reached(POLICY, ...names.split(' ')))).toEqual([
    false,
    false,
    true,
    true,
  ])
  const nested = lines(
    `witness X1 ${k1}`,
    `witness X2 ${k2}`,
    `witness X3 ${k3}`,
    'group X 2 X1 X2 X3',
    `witness Y1 ${k4}`,
    `witness Y2 ${k5}`,
    `witness Y3 ${k6}`,
    'group Y any Y1 Y2 Y3',
    'group X-and-Y all X Y',
    'quorum X-and-Y',
  )
  const tried = ['X1 X2', 'X1 Y1 Y2 Y3', 'X1 X3 Y2', 'X1 X2 X3 Y1 Y2 Y3', 'X Y', 'X-and-Y']
  expect(tried.map((names) => reached(nested, ...names.split(' ')))).toEqual([
    false,
    false,
    true,
    true,
    false,
    false,
  ])
})

it('asks for a witness unless told that none is needed', () => {
  expect(codeOf(() => parsePolicy(lines(`log ${log}`, 'quorum none')))).toBe('POLICY_QUORUM')
  expect(parsePolicy(lines('quorum none'), { allowNoWitness: true }).quorum).toBeNull()
  expect(reached(lines('quorum none'))).toBe(true)
})

const manyWitnesses = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const { vkey } = witnessKey(`w.example/${i}`, seedOf(`many ${i}`))
    return `witness w${i} ${formatVkey(vkey)}`
  })

it('refuses every other policy with its code', () => {
  const a = `witness a ${k1}`
  const b = `witness b ${k2}`
  const sameKey = formatVkey(witnessKey('another.example', seedOf('witness 1')).vkey)
  const other = makeVkey('w.example', 0x02, new Uint8Array(32))
  const cases: [string, string | Uint8Array][] = [
    ['POLICY_SYNTAX', lines('logs', 'quorum a')],
    ['POLICY_SYNTAX', lines('log')],
    ['POLICY_SYNTAX', lines(`log ${log} url more`)],
    ['POLICY_SYNTAX', lines('witness a')],
    ['POLICY_SYNTAX', lines(`${a} url more`)],
    ['POLICY_SYNTAX', lines('group')],
    ['POLICY_SYNTAX', lines('group g')],
    ['POLICY_SYNTAX', lines(a, 'quorum')],
    ['POLICY_SYNTAX', lines(a, 'quorum a a')],
    ['POLICY_SYNTAX', `${a}\r\nquorum a\r\n`],
    ['POLICY_SYNTAX', lines('# \u0001', a, 'quorum a')],
    ['POLICY_SYNTAX', lines('# \u007f', a, 'quorum a')],
    ['POLICY_SYNTAX', `${a}\nquorum a`],
    ['POLICY_SYNTAX', lines(a, 'quorum a', '\ud800')],
    ['POLICY_QUORUM', ''],
    ['POLICY_UNDEFINED', lines(a, 'quorum b')],
    ['POLICY_UNDEFINED', lines('quorum a', a)],
    ['POLICY_UNDEFINED', lines(a, 'group g any a b', b, 'quorum g')],
    ['POLICY_UNDEFINED', lines(a, 'group g any g', 'quorum g')],
    ['POLICY_NAME', lines(a, `witness a ${k2}`, 'quorum a')],
    ['POLICY_NAME', lines(a, b, 'group a any b', 'quorum a')],
    ['POLICY_NAME', lines(`witness none ${k1}`)],
    ['POLICY_NAME', lines(a, 'group none any a', 'quorum none')],
    ['POLICY_NAME', lines(a, 'group g any none', 'quorum g')],
    ['POLICY_REUSED', lines(a, 'group g any a a', 'quorum g')],
    ['POLICY_REUSED', lines(a, b, 'group g any a', 'group h any a b', 'quorum h')],
    ...['0', '3', '-1', '+1', '01', '1.0', '0x1', '1e0', 'ALL', '99999'].map((k): [string, string] => [
      'POLICY_THRESHOLD',
      lines(a, b, `group g ${k} a b`, 'quorum g'),
    ]),
    ['POLICY_THRESHOLD', lines('group g all', 'quorum g')],
    ['POLICY_THRESHOLD', lines('group g any', 'quorum g')],
    ['POLICY_DUPLICATE_KEY', lines(a, `witness b ${k1}`, 'quorum a')],
    ['POLICY_DUPLICATE_KEY', lines(a, `witness b ${sameKey}`, 'quorum a')],
    ['POLICY_DUPLICATE_KEY', lines(`log ${log}`, `log ${log} url`)],
    ['POLICY_KEY_TYPE', lines(`log ${k1}`)],
    ['POLICY_KEY_TYPE', lines(`witness a ${log}`)],
    ['POLICY_KEY_TYPE', lines(`witness a ${formatVkey(other)}`)],
    ['VKEY_MALFORMED', lines(`witness a ${k1.slice(0, -1)}`)],
    ['VKEY_MALFORMED', lines(`log ${log.replace(logKey.vkey.id, keyId('x', 1, logKey.vkey.publicKey))}`)],
    ['POLICY_QUORUM', lines(a)],
    ['POLICY_QUORUM', lines(a, 'quorum a', 'quorum a')],
    ['POLICY_LIMIT', `# ${'x'.repeat(65536)}\n`],
    ['POLICY_LIMIT', lines(...manyWitnesses(65), 'quorum w0')],
  ]
  for (const [code, policy] of cases)
    expect(
      codeOf(() => parsePolicy(policy)),
      String(policy).slice(0, 300),
    ).toBe(code)
  expect(parsePolicy(lines(...manyWitnesses(64), 'quorum w0')).witnesses.length).toBe(64)
})

it('names the line that is wrong', () => {
  expect(() => parsePolicy(lines('#', `witness a ${k1}`, 'nonsense'))).toThrow(/line 3/)
})

it('finds out who has seen a checkpoint, and when first', async () => {
  const { note, text } = await signedLog({ cosigners: 2 })
  const [w1] = witnessKeys
  if (w1 === undefined) throw new Error('no witness')
  const again = parseNote(addSignatures(note, [cosign(text, w1, TIME - 100)]))
  const verified = verifyCheckpoint(again, parsePolicy(POLICY))
  expect(verified.checkpoint.origin).toBe(ORIGIN)
  expect(verified.witnesses).toEqual([
    { name: 'w1', keyName: 'witness.example/w1', time: TIME - 100 },
    { name: 'w2', keyName: 'witness.example/w2', time: TIME + 1 },
  ])
  expect(verified.hasQuorum).toBe(true)
})

it('counts one witness once, however often it signs', async () => {
  const { note, text } = await signedLog({ cosigners: 1 })
  const [w1] = witnessKeys
  if (w1 === undefined) throw new Error('no witness')
  const twice = parseNote(addSignatures(note, [cosign(text, w1, TIME + 50)]))
  expect(verifyCheckpoint(twice, parsePolicy(POLICY)).hasQuorum).toBe(false)
})

it('claims no quorum where the policy asks for none', async () => {
  const { note } = await signedLog({ cosigners: 0 })
  const policy = parsePolicy(lines(`log ${log}`, 'quorum none'), { allowNoWitness: true })
  expect(verifyCheckpoint(note, policy).hasQuorum).toBe(false)
})

it('needs the signature of a log whose key has the name of the origin', async () => {
  const { note } = await signedLog()
  const withoutLog = { ...note, signatures: note.signatures.slice(1) }
  expect(codeOf(() => verifyCheckpoint(withoutLog, parsePolicy(POLICY)))).toBe('NOTE_UNVERIFIED')
  const renamed = POLICY.replace(log, formatVkey(makeVkey('other.example/log', 1, logKey.vkey.publicKey)))
  expect(codeOf(() => verifyCheckpoint(note, parsePolicy(renamed)))).toBe('NOTE_UNVERIFIED')
  const other = noteKey('other.example/log', seedOf('another log of the policy'))
  const both = parsePolicy(POLICY.replace('witness w1', `log ${formatVkey(other.vkey)}\nwitness w1`))
  const byOther = addSignatures(withoutLog, parseNote(signNote(note.text, [other])).signatures)
  expect(codeOf(() => verifyCheckpoint(note, both))).toBeNull()
  expect(codeOf(() => verifyCheckpoint(parseNote(byOther), both))).toBe('NOTE_UNVERIFIED')
})
