import { execFileSync } from 'node:child_process'
import { chmod, link, mkdir, open, readdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DescriptorCache } from './descriptor-cache.ts'
import { openSourceTree } from './index.ts'
import { withFolder } from './testing/temporary-folder.ts'

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

it('lists every file in a stable order and reads ranges and wholes', async () => {
  await withFolder(async (folder) => {
    await mkdir(join(folder, 'photos'))
    await writeFile(join(folder, 'photos', 'b.jpg'), 'bytes')
    await writeFile(join(folder, 'photos.txt'), '')
    await writeFile(join(folder, 'result.json'), '{"a":1}')
    const tree = await openSourceTree(folder)
    expect(await tree.files()).toEqual([
      { path: 'photos.txt', sizeBytes: 0 },
      { path: 'photos/b.jpg', sizeBytes: 5 },
      { path: 'result.json', sizeBytes: 7 },
    ])
    expect(tree.refused).toEqual([])
    const source = await tree.open('result.json')
    expect(source?.sizeBytes).toBe(7)
    expect(text(await source?.slice(1, 4))).toBe('"a"')
    expect(text(await source?.slice(5, 99))).toBe('1}')
    expect((await source?.slice(7, 99))?.length).toBe(0)
    expect(text(await tree.read('photos/b.jpg', 5))).toBe('bytes')
    expect(tree.state('photos/b.jpg')).toBe('present')
    expect(tree.state('photos/c.jpg')).toBe('missing')
    expect(await tree.open('photos/c.jpg')).toBeNull()
    await expect(tree.read('photos/b.jpg', 4)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
    await expect(tree.read('photos/c.jpg', 4)).rejects.toMatchObject({ code: 'FILE_MISSING' })
    await tree.close()
  })
})

it('follows no link, opens no FIFO, and counts them', async () => {
  await withFolder(async (folder) => {
    const outside = join(folder, 'outside')
    const root = join(folder, 'export')
    await mkdir(outside)
    await mkdir(root)
    await writeFile(join(outside, 'secret.jpg'), 'secret')
    await writeFile(join(root, 'a.jpg'), 'a')
    await symlink(join(outside, 'secret.jpg'), join(root, 'link.jpg'))
    await symlink(outside, join(root, 'photos'))
    await symlink('nowhere', join(root, 'broken'))
    await symlink('.', join(root, 'loop'))
    await link(join(outside, 'secret.jpg'), join(root, 'hard.jpg'))
    execFileSync('mkfifo', [join(root, 'pipe')])
    const tree = await openSourceTree(root)
    expect(await tree.files()).toEqual([{ path: 'a.jpg', sizeBytes: 1 }])
    expect([...tree.refused].sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual(
      ['broken', 'hard.jpg', 'link.jpg', 'loop', 'photos', 'pipe'].map((path) => ({
        path,
        code: 'ENTRY_TYPE',
      })),
    )
    for (const path of [
      'link.jpg',
      'photos/secret.jpg',
      'hard.jpg',
      'pipe',
      '../outside/secret.jpg',
      '/etc/passwd',
      'a\\b',
      'C:\\a',
      'file:///etc/passwd',
      'a\0b',
    ]) {
      expect(tree.state(path)).toBe('refused')
      expect(await tree.open(path)).toBeNull()
      await expect(tree.read(path, 1000)).rejects.toMatchObject({ code: 'FILE_REFUSED' })
    }
    await tree.close()
  })
})

it('refuses hostile and undecodable names', async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, 'back\\slash.jpg'), 'x')
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x61, 0xff])]), 'x')
    await writeFile(join(folder, '\u202egpj.exe'), 'x')
    const tree = await openSourceTree(folder)
    expect(await tree.files()).toEqual([{ path: '\u202egpj.exe', sizeBytes: 1 }])
    expect(tree.refused.map((entry) => entry.code)).toEqual(['PATH_HOSTILE', 'PATH_HOSTILE'])
    await tree.close()
  })
})

it('never leaves the folder through a file or parent that was swapped for a link after listing', async () => {
  await withFolder(async (folder) => {
    const outside = join(folder, 'outside')
    const root = join(folder, 'export')
    await mkdir(outside)
    await mkdir(join(root, 'photos'), { recursive: true })
    for (const path of ['photos/a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']) await writeFile(join(root, path), 'mine')
    for (const name of ['a.jpg', 'secret']) await writeFile(join(outside, name), 'secret')
    const tree = await openSourceTree(root)
    await rename(join(root, 'photos'), join(folder, 'moved'))
    await symlink(outside, join(root, 'photos'))
    await rm(join(root, 'b.jpg'))
    await symlink(join(outside, 'secret'), join(root, 'b.jpg'))
    await rm(join(root, 'c.jpg'))
    execFileSync('mkfifo', [join(root, 'c.jpg')])
    await writeFile(join(folder, 'other'), 'secret')
    await rename(join(folder, 'other'), join(root, 'd.jpg'))
    for (const path of ['photos/a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']) {
      await expect(tree.read(path, 100)).rejects.toMatchObject({ code: 'FILE_CHANGED' })
      await expect((await tree.open(path))?.slice(0, 4)).rejects.toMatchObject({ code: 'FILE_CHANGED' })
    }
    await tree.close()
  })
})

it('does not read a listed file through a link to where its folder was moved', async () => {
  await withFolder(async (folder) => {
    const root = join(folder, 'export')
    await mkdir(join(root, 'photos'), { recursive: true })
    await writeFile(join(root, 'photos', 'a.jpg'), 'mine')
    const tree = await openSourceTree(root)
    await rename(join(root, 'photos'), join(folder, 'moved'))
    await symlink(join(folder, 'moved'), join(root, 'photos'))
    await expect(tree.read('photos/a.jpg', 100)).rejects.toMatchObject({ code: 'FILE_CHANGED' })
    await tree.close()
  })
})

it('says so when a file became shorter', async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, 'a.jpg'), 'bytes')
    const tree = await openSourceTree(folder)
    await truncate(join(folder, 'a.jpg'), 2)
    await expect(tree.read('a.jpg', 100)).rejects.toMatchObject({ code: 'FILE_CHANGED' })
    await tree.close()
  })
})

it('keeps a bounded number of files open, however many are read', async () => {
  await withFolder(async (folder) => {
    const names = Array.from({ length: 200 }, (_, i) => `${i}.jpg`)
    for (const name of names) await writeFile(join(folder, name), name)
    const tree = await openSourceTree(folder)
    const before = (await readdir('/proc/self/fd')).length
    const sources = await Promise.all(names.map((name) => tree.open(name)))
    const read = await Promise.all(sources.map((source) => source?.slice(0, 10)))
    expect(read.map(text)).toEqual(names)
    expect((await readdir('/proc/self/fd')).length - before).toBeLessThanOrEqual(40)
    await tree.close()
    expect((await readdir('/proc/self/fd')).length - before).toBeLessThanOrEqual(2)
  })
})

it('closes the file used longest ago first, and none that is in use', async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, 'a'), 'x')
    const cache = new DescriptorCache(2)
    const opened: string[] = []
    const use = (key: string) =>
      cache.use(
        key,
        () => {
          opened.push(key)
          return open(join(folder, 'a'), 'r')
        },
        async (handle) => (await handle.stat()).size,
      )
    for (const key of ['1', '2', '1', '3', '1', '2']) await use(key)
    expect(opened).toEqual(['1', '2', '3', '2'])
    expect(cache.size).toBe(2)
    await expect(
      cache.use(
        'bad',
        () => open(join(folder, 'none'), 'r'),
        async () => 0,
      ),
    ).rejects.toMatchObject({ code: 'ENOENT' })
    expect(cache.size).toBe(2)
    await cache.close()
    expect(cache.size).toBe(0)
  })
})

it('opens one file alone, looking at nothing beside it', async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, 'chat.txt'), 'hello')
    await writeFile(join(folder, 'beside.jpg'), 'x')
    const tree = await openSourceTree(join(folder, 'chat.txt'))
    expect(tree.name).toBe('chat.txt')
    expect(await tree.files()).toEqual([{ path: 'chat.txt', sizeBytes: 5 }])
    expect(text(await (await tree.open('chat.txt'))?.slice(1, 3))).toBe('el')
    expect(tree.state('beside.jpg')).toBe('missing')
    await tree.close()
  })
})

it('reads past 4 GiB of a sparse file', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'result.json')
    const size = 8 * 1024 ** 3
    await writeFile(path, '')
    await truncate(path, size)
    const handle = await open(path, 'r+')
    await handle.write(Buffer.from('end'), 0, 3, size - 3)
    await handle.close()
    const tree = await openSourceTree(folder)
    const source = await tree.open('result.json')
    expect(source?.sizeBytes).toBe(size)
    expect(text(await source?.slice(size - 3, size))).toBe('end')
    await tree.close()
  })
})

it('refuses what is not there or not a file', async () => {
  await withFolder(async (folder) => {
    await expect(openSourceTree(join(folder, 'none'))).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' })
    execFileSync('mkfifo', [join(folder, 'pipe')])
    await expect(openSourceTree(join(folder, 'pipe'))).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' })
    await mkdir(join(folder, 'closed'))
    await chmod(join(folder, 'closed'), 0)
    const isRoot = process.getuid?.() === 0
    const opened = openSourceTree(join(folder, 'closed')).catch((error: unknown) => error)
    if (isRoot) await opened
    else expect(await opened).toMatchObject({ code: 'SOURCE_UNREADABLE' })
    await chmod(join(folder, 'closed'), 0o700)
  })
})
