import { expect, it } from 'vitest'
import {
  acceptCosignatures,
  addSignatures,
  checkAdvance,
  consistencyProof,
  cosign,
  emptyRoot,
  formatAddCheckpoint,
  formatCheckpoint,
  formatSignatureLines,
  formatTreeSize,
  MAX_ADD_CHECKPOINT_BYTES,
  parseAddCheckpoint,
  parseNote,
  parsePolicy,
  parseTreeSize,
  rootAt,
  signNote,
  verifyCheckpoint,
  verifyNote,
} from '../index.ts'
import { codeOf, logKey, ORIGIN, POLICY, seedOf, signedLog, TIME, witnessKeys } from '../testing/fixtures.ts'

const [w1, w2] = witnessKeys
if (w1 === undefined || w2 === undefined) throw new Error('no witnesses')
const { readHashes } = await signedLog({ size: 300 })
const roots = new Map<number, Uint8Array>()
for (const size of [0, 5, 6, 300]) roots.set(size, await rootAt(size, readHashes))
const rootOfSize = (size: number) => roots.get(size) ?? emptyRoot()

async function request(oldSize: number, size: number, root = rootOfSize(size)): Promise<string> {
  const note = parseNote(signNote(formatCheckpoint({ origin: ORIGIN, size, root }), [logKey]))
  return formatAddCheckpoint({ oldSize, proof: await consistencyProof(oldSize, size, readHashes), note })
}

it('lets a witness follow a log from nothing', async () => {
  let stored: { size: number; root: Uint8Array } | null = null
  for (const [oldSize, size] of [
    [0, 5],
    [5, 5],
    [5, 300],
    [300, 300],
  ] as const) {
    const read = parseAddCheckpoint(await request(oldSize, size))
    expect(read.oldSize).toBe(oldSize)
    expect(read.checkpoint).toEqual({ origin: ORIGIN, size, root: rootOfSize(size), extensions: [] })
    expect(verifyNote(read.note, [logKey.vkey]).length).toBe(1)
    checkAdvance(read, stored)
    stored = { size, root: rootOfSize(size) }
  }
})

it('tells a witness why not', async () => {
  const at5 = { size: 5, root: rootOfSize(5) }
  const judge = async (text: Promise<string> | string, stored: typeof at5 | null) => {
    const read = parseAddCheckpoint(await text)
    return codeOf(() => checkAdvance(read, stored))
  }
  const good = await request(5, 300)
  expect(await judge(good, at5)).toBeNull()
  expect(await judge(good.replace('old 5\n', 'old 301\n'), at5)).toBe('WITNESS_OLD_SIZE')
  expect(await judge(good, null)).toBe('WITNESS_CONFLICT')
  expect(await judge(good, { size: 6, root: rootOfSize(6) })).toBe('WITNESS_CONFLICT')
  expect(await judge(request(0, 300), at5)).toBe('WITNESS_CONFLICT')
  expect(await judge(good, { size: 5, root: seedOf('another history') })).toBe('WITNESS_INCONSISTENT')
  expect(await judge(request(5, 300, seedOf('another history')), at5)).toBe('WITNESS_INCONSISTENT')
  expect(await judge(request(5, 5, seedOf('another history')), at5)).toBe('WITNESS_INCONSISTENT')
  expect(await judge(good.replace(/old 5\n.*\n/, 'old 5\n'), at5)).toBe('WITNESS_INCONSISTENT')
  const [hash = ''] = good.split('\n').slice(1)
  expect(await judge((await request(0, 5)).replace('old 0\n', `old 0\n${hash}\n`), null)).toBe(
    'WITNESS_INCONSISTENT',
  )
  expect(await judge((await request(5, 5)).replace('old 5\n', `old 5\n${hash}\n`), at5)).toBe(
    'WITNESS_INCONSISTENT',
  )
  const empty = await request(0, 0)
  expect(await judge(empty, null)).toBeNull()
  expect(await judge(empty.replace(/47DE/, '57DE'), null)).toBe('CHECKPOINT_EMPTY_ROOT')
})

it('refuses requests in another form', async () => {
  const good = await request(5, 300)
  const [, hash = ''] = good.split('\n')
  const bad = [
    '',
    'old 5\n',
    good.replace('old 5', 'old 05'),
    good.replace('old 5', 'old +5'),
    good.replace('old 5', 'old -5'),
    good.replace('old 5', 'old  5'),
    good.replace('old 5', 'old 5 '),
    good.replace('old 5', 'old'),
    good.replace('old 5', 'new 5'),
    good.replace('old 5\n', ''),
    good.replace('old 5', 'old 281474976710657'),
    good.replace(hash, hash.slice(0, -1)),
    good.replace(hash, `${hash} `),
    good.replace(`${hash}\n`, `${hash}\n`.repeat(64)),
    good.replace('\n\n', '\n'),
    good.slice(0, -1),
    `${good}\n`,
    good.replaceAll('\n', '\r\n'),
    good.replace(/\n— .*/s, '\n'),
    good.replace('\n300\n', '\n0300\n'),
    good.replace(`${ORIGIN}\n`, '\n'),
    'x'.repeat(MAX_ADD_CHECKPOINT_BYTES + 1),
  ]
  bad.forEach((text, i) => {
    expect(
      codeOf(() => parseAddCheckpoint(text)),
      `request ${i}`,
    ).toBe('WITNESS_MALFORMED')
  })
  expect(codeOf(() => parseAddCheckpoint(new Uint8Array(100).fill(0xff)))).toBe('WITNESS_MALFORMED')
  expect(
    parseAddCheckpoint(good.replace('old 5\n', `old 5\n${`${hash}\n`.repeat(50)}`)).proof.length,
  ).toBeGreaterThan(50)
})

it('keeps the extension lines of others', async () => {
  const text = `${formatCheckpoint({ origin: ORIGIN, size: 5, root: rootOfSize(5) })}more\n`
  const note = parseNote(signNote(text, [logKey]))
  const read = parseAddCheckpoint(formatAddCheckpoint({ oldSize: 0, proof: [], note }))
  expect(read.checkpoint.extensions).toEqual(['more'])
  expect(
    verifyNote(parseNote(addSignatures(read.note, [cosign(read.note.text, w1, TIME)])), [w1.vkey])[0]?.time,
  ).toBe(TIME)
})

it('tells and reads the size last co-signed', () => {
  for (const size of [0, 5, 2 ** 48]) expect(parseTreeSize(formatTreeSize(size))).toBe(size)
  for (const text of [
    '',
    '5',
    '05\n',
    '+5\n',
    '5\n\n',
    '5\r\n',
    ' 5\n',
    '-1\n',
    'x\n',
    '281474976710657\n',
  ]) {
    expect(
      codeOf(() => parseTreeSize(text)),
      JSON.stringify(text),
    ).toBe('WITNESS_MALFORMED')
  }
  expect(codeOf(() => formatTreeSize(0.5))).toBe('WITNESS_MALFORMED')
})

it('accepts from an answer the co-signatures of known witnesses and nothing else', async () => {
  const { text } = await signedLog({ cosigners: 0 })
  const times = { now: TIME, requestedAt: TIME - 3 }
  const stranger = { name: 'stranger.example', keyId: '00000001', signature: new Uint8Array(72) }
  const good = cosign(text, w1, TIME)
  const forged = { ...cosign(text, w2, TIME), signature: new Uint8Array(72).fill(7) }
  const accepted = (...signatures: (typeof good)[]) =>
    acceptCosignatures(
      text,
      formatSignatureLines(signatures),
      witnessKeys.map(({ vkey }) => vkey),
      times,
    ).map(({ vkey, time }) => [vkey.name, time])
  expect(accepted(good, stranger)).toEqual([['witness.example/w1', TIME]])
  expect(accepted(stranger, forged, good)).toEqual([['witness.example/w1', TIME]])
  expect(accepted(forged)).toEqual([])
  expect(accepted(stranger)).toEqual([])
  expect(accepted(cosign(text.replace('7', '8'), w1, TIME))).toEqual([])
  expect(accepted(cosign(text, w1, TIME + 601))).toEqual([])
  expect(accepted(cosign(text, w1, TIME - 100_000))).toEqual([])
  for (const body of [
    '',
    '\n',
    'no signature\n',
    formatSignatureLines([good]).slice(0, -1),
    `${formatSignatureLines([good])}\n`,
  ]) {
    expect(
      codeOf(() => acceptCosignatures(text, body, [w1.vkey], times)),
      JSON.stringify(body),
    ).toBe('WITNESS_MALFORMED')
  }
})

it('collects co-signatures to a quorum', async () => {
  const { note, text } = await signedLog({ cosigners: 0 })
  const times = { now: TIME, requestedAt: TIME }
  const bodies = [w1, w2].map((key) => formatSignatureLines([cosign(text, key, TIME)]))
  const signatures = bodies.flatMap((body) =>
    acceptCosignatures(
      text,
      body,
      witnessKeys.map(({ vkey }) => vkey),
      times,
    ).map(({ signature }) => signature),
  )
  const published = parseNote(addSignatures(note, signatures))
  expect(verifyCheckpoint(note, parsePolicy(POLICY)).hasQuorum).toBe(false)
  expect(verifyCheckpoint(published, parsePolicy(POLICY)).hasQuorum).toBe(true)
})
