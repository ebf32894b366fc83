import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { detectChat } from '#lib/chat/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { type LocalTree, openSourceTree } from './index.ts'
import { withFolder } from './testing/temporary-folder.ts'
import { buildZip, type ZipPart } from './testing/zip-builder.ts'
import { ZIP_BOMB } from './zip-directory.ts'

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)
const LONG = Array.from({ length: 40_000 }, (_, i) => `line ${(i * 7919) % 40_009}\n`).join('')

async function withZip<T>(bytes: Uint8Array, act: (tree: LocalTree) => Promise<T>): Promise<T> {
  return await withFolder(async (folder) => {
    const path = join(folder, 'export.bin')
    await writeFile(path, bytes)
    const tree = await openSourceTree(path)
    try {
      return await act(tree)
    } finally {
      await tree.close()
    }
  })
}

const opening = (parts: readonly ZipPart[], over?: { entryCount?: number }) =>
  withZip(buildZip(parts, over), async (tree) => await tree.files())

it('reads stored and deflated files, by ranges and whole', async () => {
  const parts: ZipPart[] = [
    { name: 'photos/', mode: 0o040755 },
    { name: 'photos/gambar é.jpg', content: 'stored' },
    { name: '_chat.txt', content: LONG, isDeflated: true },
    { name: 'later.txt', content: LONG, isDeflated: true, hasDescriptor: true },
    { name: 'empty', content: '' },
  ]
  await withZip(buildZip(parts), async (tree) => {
    expect(await tree.files()).toEqual([
      { path: 'photos/gambar é.jpg', sizeBytes: 6 },
      { path: '_chat.txt', sizeBytes: LONG.length },
      { path: 'later.txt', sizeBytes: LONG.length },
      { path: 'empty', sizeBytes: 0 },
    ])
    expect(text(await tree.read('photos/gambar é.jpg', 6))).toBe('stored')
    expect(text(await tree.read('later.txt', LONG.length))).toBe(LONG)
    expect((await tree.read('empty', 0)).length).toBe(0)
    await expect(tree.read('_chat.txt', 10)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
    await expect(tree.read('none', 10)).rejects.toMatchObject({ code: 'FILE_MISSING' })
    expect([tree.state('empty'), tree.state('none'), tree.state('../x')]).toEqual([
      'present',
      'missing',
      'refused',
    ])
    for (const path of ['_chat.txt', 'later.txt']) {
      const source = await tree.open(path)
      let read = ''
      for (let at = 0; at < LONG.length; at += 10_000) read += text(await source?.slice(at, at + 10_000))
      expect(read).toBe(LONG)
      for (const [start, end] of [
        [5, 9],
        [400_000, 400_009],
        [7, 20],
        [LONG.length - 3, LONG.length + 9],
      ] as const) {
        expect(text(await source?.slice(start, end))).toBe(LONG.slice(start, end))
      }
      const both = await Promise.all([source?.slice(100, 200), source?.slice(0, 50)])
      expect(both.map(text)).toEqual([LONG.slice(100, 200), LONG.slice(0, 50)])
    }
  })
})

it('reads many files in turn without keeping a stream for each', async () => {
  const parts = Array.from({ length: 30 }, (_, i) => ({ name: `${i}`, content: LONG, isDeflated: true }))
  await withZip(buildZip(parts), async (tree) => {
    const sources = await Promise.all(parts.map((part) => tree.open(part.name)))
    for (const at of [0, 100_000, 50]) {
      const read = await Promise.all(sources.map((source) => source?.slice(at, at + 9)))
      expect(read.map(text)).toEqual(parts.map(() => LONG.slice(at, at + 9)))
    }
  })
})

it('finds the chat in a WhatsApp archive', async () => {
  const chat = '[15/1/25, 21:09:00] Ali: hi\n[15/1/25, 21:10:00] Siti: yo\n[15/1/25, 21:11:00] Ali: x\n'
  await withZip(buildZip([{ name: '_chat.txt', content: chat, isDeflated: true }]), async (tree) => {
    expect(await detectChat(tree)).toMatchObject({ format: 'whatsapp-text', paths: ['_chat.txt'] })
  })
})

it('leaves out links and hostile names, and counts them', async () => {
  const parts: ZipPart[] = [
    { name: 'ok.jpg', content: 'x' },
    { name: 'link', content: '/etc/passwd', mode: 0o120777 },
    { name: 'device', mode: 0o020666 },
    { name: '../up', content: 'x' },
    { name: '/abs', content: 'x' },
    { name: 'a\\..\\b', content: 'x' },
    { name: 'C:/x', content: 'x' },
    { name: 'nul\0.jpg', content: 'x' },
    { name: 'a/./b', content: 'x' },
    { name: 'OK.jpg', content: 'case' },
    { name: 'inner.zip', content: buildZip([{ name: 'x', content: 'y' }]) },
    { name: Uint8Array.of(0x81, 0x2e, 0x6a), content: 'cp437', flags: 0 },
  ]
  await withZip(buildZip(parts), async (tree) => {
    expect((await tree.files()).map((file) => file.path)).toEqual(['ok.jpg', 'OK.jpg', 'inner.zip', 'ü.j'])
    expect(tree.refused.map((entry) => entry.code)).toEqual([
      'ENTRY_TYPE',
      'ENTRY_TYPE',
      ...Array.from({ length: 6 }, () => 'PATH_HOSTILE'),
    ])
    expect(tree.state('link')).toBe('refused')
    expect(await tree.open('link')).toBeNull()
    await expect(tree.read('link', 99)).rejects.toMatchObject({ code: 'FILE_REFUSED' })
  })
})

it('refuses archives that contradict themselves', async () => {
  const a: ZipPart = { name: 'a', content: 'x' }
  for (const parts of [
    [a, { ...a, content: 'y' }],
    [{ ...a, localName: 'b' }],
    [{ ...a, localName: 'aa' }],
    [a, { ...a, name: 'a', isOverlapping: true }],
    [a, { name: 'b', content: 'x', localName: 'a', isOverlapping: true }],
    [{ ...a, localCrc32: 1 }],
    [{ ...a, sizeBytes: 2 }],
    [{ ...a, method: 12 }],
    [{ ...a, content: 'x'.repeat(200_000), isDeflated: false, method: 8, sizeBytes: 10 }],
  ] satisfies ZipPart[][]) {
    await expect(opening(parts)).rejects.toMatchObject({ code: 'ZIP_INVALID' })
  }
  await expect(opening([a], { entryCount: 2 })).rejects.toMatchObject({ code: 'ZIP_INVALID' })
  for (const cut of [4, 30, 60, 100]) {
    const bytes = buildZip([a, { name: 'b', content: 'y' }]).subarray(0, cut)
    await expect(withZip(bytes, async (tree) => tree.files())).rejects.toMatchObject({ code: 'ZIP_INVALID' })
  }
})

it('refuses two names for the same bytes', async () => {
  // Both entries are true to their own headers, but the first one's data hold the second one's header.
  const inner = buildZip([{ name: 'b', content: 'y' }])
  const local = inner.subarray(0, 32)
  const outer = buildZip([
    { name: 'a', content: local },
    { name: 'b', content: 'y' },
  ])
  const centralOfB = outer.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]))
  outer.writeUInt32LE(31, centralOfB + 42)
  await expect(withZip(outer, async (tree) => tree.files())).rejects.toMatchObject({ code: 'ZIP_INVALID' })
})

it('refuses encrypted archives', async () => {
  for (const part of [{ flags: 0x801 }, { flags: 0x841 }, { method: 99 }]) {
    await expect(opening([{ name: 'a', content: 'x', ...part }])).rejects.toMatchObject({
      code: 'ZIP_ENCRYPTED',
    })
  }
})

it('refuses a bomb and nothing else of the archive it is in', async () => {
  const zeros = new Uint8Array(ZIP_BOMB.ratioFromBytes + 1)
  const claims = { content: 'x', isDeflated: true, sizeBytes: 0xfffffff0 }
  const parts: ZipPart[] = [
    { name: '_chat.txt', content: '15/1/25, 21:09 - Ali: x\n'.repeat(9) },
    { name: 'zeros.bin', content: zeros, isDeflated: true },
    ...Array.from({ length: 6 }, (_, i) => ({ name: `claims${i}`, ...claims })),
  ]
  await withZip(buildZip(parts), async (tree) => {
    expect((await tree.files()).map((file) => file.path)).toEqual(['_chat.txt'])
    expect(tree.refused).toHaveLength(7)
    expect(tree.refused[0]).toEqual({ path: 'zeros.bin', code: 'ENTRY_TYPE' })
    expect(tree.state('zeros.bin')).toBe('refused')
    expect(await tree.open('zeros.bin')).toBeNull()
    await expect(tree.read('zeros.bin', 1e9)).rejects.toMatchObject({ code: 'FILE_REFUSED' })
    expect(await detectChat(tree)).toMatchObject({ format: 'whatsapp-text', paths: ['_chat.txt'] })
  })
  const small = new Uint8Array(ZIP_BOMB.ratioFromBytes - 1)
  expect(await opening([{ name: 'a', content: small, isDeflated: true }])).toHaveLength(1)
  await withZip(buildZip([{ name: '_chat.txt', content: zeros, isDeflated: true }]), async (tree) => {
    await expect(detectChat(tree)).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' })
  })
})

it('refuses an archive of too many files or bytes before unpacking it', async () => {
  await expect(opening([{ name: 'a', content: 'x' }], { entryCount: 50_001 })).rejects.toMatchObject({
    code: 'ZIP_TOO_LARGE',
  })
  await withFolder(async (folder) => {
    const path = join(folder, 'three.zip')
    await writeFile(path, buildZip(['a', 'b', 'c'].map((name) => ({ name, content: 'x' }))))
    for (const [entries, totalBytes] of [
      [2, 3],
      [3, 2],
    ] as const)
      await expect(openSourceTree(path, { entries, totalBytes })).rejects.toMatchObject({
        code: 'ZIP_TOO_LARGE',
      })
    const tree = await openSourceTree(path, { entries: 3, totalBytes: 3 })
    expect(await tree.files()).toHaveLength(3)
    await tree.close()
  })
  const large = { content: 'x', isDeflated: true, sizeBytes: 0xfffffff0, packedBytes: 0x10000000 }
  const parts = Array.from({ length: 6 }, (_, i) => ({ name: `${i}`, ...large }))
  await expect(opening(parts)).rejects.toMatchObject({ code: 'ZIP_TOO_LARGE' })
})

it('finds a wrong checksum, a wrong size and damaged data when they are read', async () => {
  const zip = (part: Partial<ZipPart>) => buildZip([{ name: 'a', content: LONG, isDeflated: true, ...part }])
  const damaged = zip({})
  damaged.fill(0xff, 2000, 2050)
  for (const bytes of [
    zip({ crc32: 1 }),
    zip({ crc32: 1, isDeflated: false }),
    zip({ sizeBytes: LONG.length - 1 }),
    zip({ sizeBytes: LONG.length + 1 }),
    damaged,
  ]) {
    await withZip(bytes, async (tree) => {
      await expect(tree.read('a', LONG.length + 1)).rejects.toMatchObject({ code: 'ZIP_INVALID' })
      const source = await tree.open('a')
      const size = source?.sizeBytes ?? 0
      const whole = async () => {
        for (let at = 0; at < size; at += 65_536) await source?.slice(at, at + 65_536)
      }
      await expect(whole()).rejects.toMatchObject({ code: 'ZIP_INVALID' })
      await expect(source?.slice(size - 1, size)).rejects.toMatchObject({ code: 'ZIP_INVALID' })
    })
  }
})

it('opens an empty archive as an empty export', async () => {
  await withZip(buildZip([]), async (tree) => {
    await expect(detectChat(tree)).rejects.toMatchObject({ code: 'EXPORT_EMPTY' })
  })
})

it('never throws an error without a code, and never hangs, whatever the bytes', async () => {
  const base = buildZip([
    { name: '_chat.txt', content: '15/1/25, 21:09 - A: x\n'.repeat(50), isDeflated: true },
    { name: 'a.jpg', content: 'stored' },
    { name: 'b.jpg', content: 'later', isDeflated: true, hasDescriptor: true },
  ])
  await withFolder(async (folder) => {
    const path = join(folder, 'fuzz.zip')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (edits) => {
          const bytes = Buffer.from(base)
          for (const [at, value] of edits) bytes[at] = value
          await writeFile(path, bytes)
          try {
            const tree = await openSourceTree(path)
            try {
              for (const file of await tree.files()) {
                const read = await tree.read(file.path, 1 << 20)
                const source = await tree.open(file.path)
                expect(await source?.slice(0, file.sizeBytes)).toHaveLength(read.length)
              }
            } finally {
              await tree.close()
            }
          } catch (error) {
            if (!(error instanceof AppError)) throw error
          }
        },
      ),
      { numRuns: 400 },
    )
  })
})
