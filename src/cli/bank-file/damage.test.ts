import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { BankError, type BankErrorCode, type LineFault, openBank, readBank } from './index.ts'
import { bankPath, refusedWith, syntheticPicture, withWindows } from './testing.ts'

async function filledBank(): Promise<{ path: string; bytes: Buffer }> {
  const path = bankPath()
  const bank = await openBank(path, { create: true })
  await bank.appendPictures('e1', [syntheticPicture('e1', 2)])
  await bank.appendPictures('e2', [{ ...withWindows('e2', 3), prints: [] }])
  await bank.appendPictures('e3', [syntheticPicture('e3', 2)])
  await bank.withdrawEntry('e1')
  await bank.close()
  return { path, bytes: readFileSync(path) }
}

function linesOf(bytes: Buffer): string[] {
  return bytes.toString('latin1').trimEnd().split('\n')
}

async function faultsOf(path: string): Promise<{ code: BankErrorCode | null; faults: readonly LineFault[] }> {
  try {
    await readBank(path)
  } catch (error) {
    if (error instanceof BankError) return { code: error.code, faults: error.faults }
    throw error
  }
  return { code: null, faults: [] }
}

it('cuts off a line that was never finished, wherever it ends, and loses nothing before it', async () => {
  const { path } = await filledBank()
  const filled = await openBank(path)
  await filled.appendPictures('last', [syntheticPicture('last', 2)])
  await filled.close()
  const bytes = readFileSync(path)
  const lastLine = bytes.lastIndexOf(10, bytes.length - 2) + 1
  for (let end = lastLine; end < bytes.length - 1; end++) {
    writeFileSync(path, bytes.subarray(0, end))
    const read = await readBank(path)
    expect(
      read.entries.map((entry) => entry.id),
      `${end}`,
    ).toEqual(['e1', 'e2', 'e3'])
    const bank = await openBank(path)
    await bank.appendPictures('e4', [syntheticPicture('e4', 1)])
    await bank.close()
    const after = await readBank(path)
    expect(after.entries.map((entry) => entry.id)).toEqual(['e1', 'e2', 'e3', 'e4'])
  }
})

it('keeps a last line that only lacks its line feed', async () => {
  const { path, bytes } = await filledBank()
  writeFileSync(path, bytes.subarray(0, -1))
  expect((await readBank(path)).entries[0]?.state).toBe('withdrawn')
  const bank = await openBank(path)
  await bank.appendPictures('e4', [syntheticPicture('e4', 1)])
  await bank.close()
  expect((await readBank(path)).entries.map((entry) => entry.id)).toEqual(['e1', 'e2', 'e3', 'e4'])
  expect(readFileSync(path).subarray(0, bytes.length)).toEqual(bytes)
})

it('cuts off zeros that a power cut left at the end', async () => {
  const { path, bytes } = await filledBank()
  writeFileSync(path, Buffer.concat([bytes, Buffer.alloc(5_000)]))
  const bank = await openBank(path)
  await bank.appendPictures('e4', [syntheticPicture('e4', 1)])
  await bank.close()
  expect((await readBank(path)).entries).toHaveLength(4)
  expect(readFileSync(path).includes(0)).toBe(false)
})

it('notices any bit turned over in the file and names the line', async () => {
  const { path, bytes } = await filledBank()
  for (let at = 0; at < bytes.length; at++) {
    const damagedBytes = Buffer.from(bytes)
    damagedBytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
    writeFileSync(path, damagedBytes)
    const { code, faults } = await faultsOf(path)
    const line = bytes.subarray(0, at).filter((byte) => byte === 10).length + 1
    if (line === 1 && code !== 'BANK_DAMAGED') expect(['BANK_NOT_A_BANK', 'BANK_TOO_NEW']).toContain(code)
    else {
      expect(code, `byte ${at}`).toBe('BANK_DAMAGED')
      expect(faults[0]?.line, `byte ${at}`).toBe(line)
    }
  }
})

it.each<[string, (lines: string[]) => string[], LineFault[]]>([
  ['a line taken out', (lines) => lines.toSpliced(2, 1), [{ line: 3, code: 'LINES_MISSING' }]],
  ['a line twice', (lines) => lines.toSpliced(2, 0, lines[2] ?? ''), [{ line: 4, code: 'OUT_OF_ORDER' }]],
  [
    'two lines exchanged',
    (lines) => lines.toSpliced(1, 2, lines[2] ?? '', lines[1] ?? ''),
    [
      { line: 2, code: 'LINES_MISSING' },
      { line: 3, code: 'OUT_OF_ORDER' },
    ],
  ],
  ['an empty line', (lines) => lines.toSpliced(2, 0, ''), [{ line: 3, code: 'CHECKSUM' }]],
  [
    'an endless line',
    (lines) => lines.toSpliced(2, 1, 'x'.repeat(3_000_000)),
    [{ line: 3, code: 'TOO_LONG' }],
  ],
  [
    'text behind the last line',
    (lines) => [...lines.slice(0, -1), `${lines.at(-1)}#`],
    [{ line: 5, code: 'CHECKSUM' }],
  ],
])('reports %s', async (_, change, faults) => {
  const { path, bytes } = await filledBank()
  writeFileSync(path, `${change(linesOf(bytes)).join('\n')}\n`)
  expect(await faultsOf(path)).toEqual({ code: 'BANK_DAMAGED', faults })
})

it('reports a line whose ending line feed was lost, not as unfinished', async () => {
  const { path, bytes } = await filledBank()
  writeFileSync(path, Buffer.concat([bytes.subarray(0, -1), Buffer.from('J')]))
  expect(await faultsOf(path)).toEqual({ code: 'BANK_DAMAGED', faults: [{ line: 5, code: 'CHECKSUM' }] })
})

it('neither writes nor reads over damage unless told to', async () => {
  const { path, bytes } = await filledBank()
  const lines = linesOf(bytes)
  writeFileSync(path, `${lines.toSpliced(1, 1, 'junk').join('\n')}\n`)
  await expect(openBank(path)).rejects.toThrow(refusedWith('BANK_DAMAGED'))
  const read = await readBank(path, { allowDamaged: true })
  expect(read.faults).toEqual([{ line: 2, code: 'CHECKSUM' }])
  expect(read.entries.map((entry) => `${entry.id} ${entry.state}`)).toEqual([
    'e2 active',
    'e3 active',
    'e1 withdrawn',
  ])
})

it('lets an entry be withdrawn although lines are damaged, also one that was on them', async () => {
  const { path, bytes } = await filledBank()
  writeFileSync(path, `${linesOf(bytes).toSpliced(2, 1, 'junk').join('\n')}\n`)
  const bank = await openBank(path, { allowDamaged: true })
  expect(bank.faults).toEqual([{ line: 3, code: 'CHECKSUM' }])
  expect(await bank.withdrawEntry('e3')).toEqual({ wasWithdrawnBefore: false, isErased: false })
  expect(await bank.withdrawEntry('e2')).toEqual({ wasWithdrawnBefore: false, isErased: false })
  await bank.close()
  const read = await readBank(path, { allowDamaged: true })
  expect(read.faults).toEqual([{ line: 3, code: 'CHECKSUM' }])
  expect(new Set(read.entries.map((entry) => entry.state))).toEqual(new Set(['withdrawn']))
})
