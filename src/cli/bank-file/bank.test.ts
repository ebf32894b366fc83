import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openBank, type RegisteredPicture, readBank } from './index.ts'
import { bankPath, refusedWith, syntheticPicture } from './testing.ts'

const now = () => new Date('2026-01-02T03:04:05.000Z')

it('gives back what was registered and withdrawn, in order', async () => {
  const path = bankPath()
  const bank = await openBank(path, { create: true, now })
  expect(await bank.appendPictures('case-1', [syntheticPicture('a'), syntheticPicture('b', 0)])).toEqual({
    added: 2,
    extended: 0,
    alreadyThere: 0,
  })
  await bank.appendPictures('case-2', [syntheticPicture('c')])
  await bank.appendPictures('case-1', [syntheticPicture('d')])
  expect(await bank.withdrawEntry('case-2')).toEqual({ wasWithdrawnBefore: false, isErased: true })
  expect(await bank.withdrawEntry('case-2')).toEqual({ wasWithdrawnBefore: true, isErased: true })
  await bank.close()

  const at = '2026-01-02T03:04:05.000Z'
  expect(await readBank(path)).toMatchObject({
    createdAt: at,
    faults: [],
    entries: [
      {
        id: 'case-1',
        state: 'active',
        addedAt: at,
        pictures: ['a', 'b', 'd'].map((seed) => syntheticPicture(seed, seed === 'b' ? 0 : 8)),
      },
      { id: 'case-2', state: 'withdrawn', addedAt: at, withdrawnAt: at, pictures: [] },
    ],
  })
  const again = await openBank(path)
  expect(await again.withdrawEntry('case-1')).toMatchObject({ wasWithdrawnBefore: false })
  await again.close()
  expect((await readBank(path)).entries.map((entry) => entry.state)).toEqual(['withdrawn', 'withdrawn'])
})

it('is JSON lines that another program can read and check', async () => {
  const path = bankPath()
  const bank = await openBank(path, { create: true, now })
  await bank.appendPictures('e1', [syntheticPicture('a', 1)])
  await bank.appendPictures('e2', [syntheticPicture('b', 1)])
  await bank.withdrawEntry('e1')
  await bank.close()
  const [header, erased, add, withdraw, end] = readFileSync(path, 'latin1').split('\n')
  expect(header).toBe('{"saksiBank":2,"createdAt":"2026-01-02T03:04:05.000Z","crc":"380b200c"}')
  expect(erased).toMatch(
    /^\{"n":2,"op":"erased","entry":"e1","at":"2026-01-02T03:04:05.000Z","crc":"[0-9a-f]{8}"\}$/,
  )
  expect(JSON.parse(add ?? '')).toMatchObject({ n: 3, op: 'add', entry: 'e2', ...syntheticPicture('b', 1) })
  expect(withdraw).toMatch(
    /^\{"n":4,"op":"withdraw","entry":"e1","at":"2026-01-02T03:04:05.000Z","crc":"[0-9a-f]{8}"\}$/,
  )
  expect(end).toBe('')
})

it('writes a picture once per entry, however often it is registered', async () => {
  const path = bankPath()
  const bank = await openBank(path, { create: true })
  await bank.appendPictures('e1', [syntheticPicture('a')])
  expect(
    await bank.appendPictures('e1', [syntheticPicture('a'), syntheticPicture('b'), syntheticPicture('b')]),
  ).toEqual({ added: 1, extended: 0, alreadyThere: 2 })
  expect(await bank.appendPictures('e2', [syntheticPicture('a')])).toEqual({
    added: 1,
    extended: 0,
    alreadyThere: 0,
  })
  await bank.close()
  const { entries } = await readBank(path)
  expect(entries.map((entry) => entry.pictures.length)).toEqual([2, 1])
})

it('never lets a withdrawn entry come back', async () => {
  const path = bankPath()
  const bank = await openBank(path, { create: true })
  await bank.appendPictures('e1', [syntheticPicture('a')])
  await bank.withdrawEntry('e1')
  await expect(bank.appendPictures('e1', [syntheticPicture('b')])).rejects.toThrow(
    refusedWith('ENTRY_WITHDRAWN'),
  )
  await bank.close()
  const again = await openBank(path)
  await expect(again.appendPictures('e1', [syntheticPicture('b')])).rejects.toThrow(
    refusedWith('ENTRY_WITHDRAWN'),
  )
  await again.close()
})

it('refuses ids it does not know or cannot hold, and goes on', async () => {
  const bank = await openBank(bankPath(), { create: true })
  await expect(bank.withdrawEntry('nobody')).rejects.toThrow(refusedWith('ENTRY_UNKNOWN'))
  for (const id of ['', ' ', '../x', '.hidden', 'a b', 'a\nb', 'é', 'x'.repeat(65), '<script>']) {
    await expect(bank.appendPictures(id, [syntheticPicture('a')])).rejects.toThrow(
      refusedWith('ENTRY_ID_INVALID'),
    )
    await expect(bank.withdrawEntry(id)).rejects.toThrow(refusedWith('ENTRY_ID_INVALID'))
  }
  for (const id of ['a', 'toString', 'constructor', 'A.b_c-9', 'x'.repeat(64)]) {
    expect(await bank.appendPictures(id, [syntheticPicture('a')])).toEqual({
      added: 1,
      extended: 0,
      alreadyThere: 0,
    })
  }
  await bank.close()
})

it('registers no print that says too little, and nothing beside it', async () => {
  const path = bankPath()
  const bank = await openBank(path, { create: true })
  const good = syntheticPicture('a', 1)
  const [print] = good.prints
  const wrong: Partial<RegisteredPicture>[] = [
    { sha256: good.sha256.toUpperCase() },
    { md5: 'short' },
    { width: -1 },
    { height: 1.5 },
    { quality: 101 },
    { usable: false },
    { prints: [{ variant: 'o0', pdq: '0'.repeat(64), quality: 90 }] },
    { prints: [{ variant: 'o0', pdq: 'f'.repeat(64), quality: 90 }] },
    { prints: [{ variant: 'o0', pdq: 'a'.repeat(32), quality: 90 }] },
    { prints: [{ variant: 'o0', pdq: print?.pdq ?? '', quality: 49 }] },
    { prints: [{ variant: 'O 0', pdq: print?.pdq ?? '', quality: 90 }] },
    { prints: Array.from({ length: 601 }, () => print ?? { variant: '', pdq: '', quality: 0 }) },
  ]
  for (const change of wrong) {
    const pictures = [syntheticPicture('fine'), { ...good, ...change }]
    await expect(bank.appendPictures('e1', pictures), JSON.stringify(change).slice(0, 80)).rejects.toThrow(
      refusedWith('PICTURE_INVALID'),
    )
  }
  await bank.close()
  expect((await readBank(path)).entries).toEqual([])
})

it('keeps nothing of a picture beyond what it lists', async () => {
  const bank = await openBank(bankPath(), { create: true })
  const named = { ...syntheticPicture('a'), fileName: 'beach.jpg' }
  await expect(bank.appendPictures('e1', [named])).rejects.toThrow(refusedWith('PICTURE_INVALID'))
  await bank.close()
})

it('is readable by its owner only, also if it was not before', async () => {
  const path = bankPath()
  await (await openBank(path, { create: true })).close()
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const loose = join(dirname(path), 'loose.jsonl')
  writeFileSync(loose, readFileSync(path), { mode: 0o644 })
  await (await openBank(loose)).close()
  expect(statSync(loose).mode & 0o777).toBe(0o600)
})

it('leaves only the bank behind, and a lock only while open', async () => {
  const path = bankPath()
  const bank = await openBank(path, { create: true })
  expect(existsSync(`${path}.lock`)).toBe(true)
  await bank.close()
  await bank.close()
  expect(existsSync(`${path}.lock`)).toBe(false)
  expect(existsSync(`${path}.new`)).toBe(false)
  await expect(bank.appendPictures('e1', [])).rejects.toThrow(refusedWith('BANK_CLOSED'))
})

it('tells a missing bank, another file and a newer bank apart, and changes none', async () => {
  const path = bankPath()
  await expect(readBank(path)).rejects.toThrow(refusedWith('BANK_NOT_FOUND'))
  await expect(openBank(path)).rejects.toThrow(refusedWith('BANK_NOT_FOUND'))
  await expect(openBank(join(path, 'no', 'folder'), { create: true })).rejects.toThrow(
    refusedWith('BANK_NOT_FOUND'),
  )
  await expect(readBank(dirname(path))).rejects.toThrow(refusedWith('BANK_NOT_A_BANK'))
  execFileSync('/usr/bin/env', ['mkfifo', `${path}.pipe`])
  await expect(readBank(`${path}.pipe`)).rejects.toThrow(refusedWith('BANK_NOT_A_BANK'))
  const files: [string, string][] = [
    ['', 'BANK_NOT_A_BANK'],
    ['hello\nworld\n', 'BANK_NOT_A_BANK'],
    ['{"saksiScanReport":1}\n', 'BANK_NOT_A_BANK'],
    [`${'x'.repeat(300_000)}\n`, 'BANK_NOT_A_BANK'],
    ['{"saksiBank":3,"cipher":"?"}\n{"anything":1}\n', 'BANK_TOO_NEW'],
  ]
  for (const [text, code] of files) {
    writeFileSync(path, text)
    await expect(readBank(path), code).rejects.toThrow(refusedWith(code))
    await expect(openBank(path, { create: true }), code).rejects.toThrow(refusedWith(code))
    expect(readFileSync(path, 'latin1')).toBe(text)
    expect(existsSync(`${path}.lock`)).toBe(false)
  }
})

it('carries out calls in the order they are made, without being waited for', async () => {
  const path = bankPath()
  const bank = await openBank(path, { create: true })
  const calls = Array.from({ length: 20 }, (_, k) => bank.appendPictures(`e${k}`, [syntheticPicture(`${k}`)]))
  const withdrawal = bank.withdrawEntry('e3')
  const closing = bank.close()
  await Promise.all([...calls, withdrawal, closing])
  const { entries } = await readBank(path)
  expect(entries.map((entry) => entry.id)).toEqual(Array.from({ length: 20 }, (_, k) => `e${k}`))
  expect(entries[3]?.state).toBe('withdrawn')
})

it('takes one lock, whichever link leads to the bank', async () => {
  const path = bankPath()
  const link = join(dirname(path), 'link.jsonl')
  const bank = await openBank(path, { create: true })
  symlinkSync(path, link)
  await expect(openBank(link, { lockWaitMs: 50 })).rejects.toThrow(refusedWith('BANK_LOCKED'))
  await bank.close()
})

it('refuses to write when another program changed the file meanwhile', async () => {
  const path = bankPath()
  const bank = await openBank(path, { create: true })
  writeFileSync(path, 'something\n', { flag: 'a' })
  await expect(bank.appendPictures('e1', [syntheticPicture('a')])).rejects.toThrow(
    refusedWith('BANK_WRITE_FAILED'),
  )
  await expect(bank.appendPictures('e1', [syntheticPicture('a')])).rejects.toThrow(refusedWith('BANK_CLOSED'))
  expect(existsSync(`${path}.lock`)).toBe(false)
  expect(readFileSync(path, 'latin1')).toMatch(/something\n$/)
  await bank.close()
})

it('refuses a second writer once it has waited, and lets it in when the first is done', async () => {
  const path = bankPath()
  const first = await openBank(path, { create: true })
  await expect(openBank(path, { lockWaitMs: 60 })).rejects.toThrow(refusedWith('BANK_LOCKED'))
  const second = openBank(path, { lockWaitMs: 20_000 })
  await sleep(50)
  await first.close()
  await (await second).close()
  expect(existsSync(`${path}.lock`)).toBe(false)
})
