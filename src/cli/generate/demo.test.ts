import { createHash } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generateDemo } from './index.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const SMALL = { longSide: 320, shortSide: 240 }

async function makeDemo(seed = 'demo') {
  const dir = join(await temporaryFolder(), 'demo')
  return { dir, plan: await generateDemo({ seed, dir, pictureSize: SMALL }) }
}

const sha256Of = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

describe('the demo', () => {
  it('lays out two exports, their truth beside them, saved pictures, and six survivors with a picture each', async () => {
    const { dir, plan } = await makeDemo()
    expect((await readdir(dir)).sort()).toEqual([
      'backup-export',
      'backup-export.truth.json',
      'group-export',
      'group-export.truth.json',
      'saved-pictures',
      'survivors',
    ])
    expect((await readdir(join(dir, 'group-export'))).sort()).toEqual(['photos', 'result.json'])
    expect(plan.survivors.map(({ entry }) => entry)).toEqual([
      'S-001',
      'S-002',
      'S-003',
      'S-004',
      'S-005',
      'S-006',
    ])
    for (const { entry, picturePath } of plan.survivors) {
      expect(picturePath.startsWith(join(dir, 'survivors', entry))).toBe(true)
      expect((await stat(picturePath)).size).toBeGreaterThan(1000)
    }
  })

  it('plants copies of every survivor but the sixth, and files that cannot be looked at', async () => {
    const { plan } = await makeDemo()
    expect([...new Set(plan.copies.map(({ entry }) => entry))].sort()).toEqual([
      'S-001',
      'S-002',
      'S-003',
      'S-004',
      'S-005',
    ])
    const unreadable = plan.copies
      .filter(({ state }) => state !== 'present')
      .map(({ entry, state }) => `${entry} ${state}`)
    expect(unreadable.sort()).toEqual(['S-003 missing', 'S-004 damaged', 'S-005 not-included'])
    const inGroup = new Set(
      plan.copies.filter((copy) => copy.export === 'group-export').map(({ edit }) => edit),
    )
    expect(inGroup.size).toBe(13)
  })

  it('plants exact copies with the bytes of the original', async () => {
    const { dir, plan } = await makeDemo()
    const exact = plan.copies.filter(({ edit, state }) => edit === 'exact' && state === 'present')
    expect(exact.length).toBeGreaterThanOrEqual(4)
    for (const copy of exact) {
      const original = plan.survivors.find(({ entry }) => entry === copy.entry)
      expect(await sha256Of(join(dir, copy.export, copy.path ?? ''))).toBe(
        await sha256Of(original?.picturePath ?? ''),
      )
    }
  })

  it('saves copies of three of them among pictures of nobody, under numbers', async () => {
    const { plan } = await makeDemo()
    const names = (await readdir(plan.saved.dir)).sort()
    expect(names).toEqual(Array.from({ length: 9 }, (_, i) => `saved-0${i + 1}.jpg`))
    const saved = plan.copies.filter((copy) => copy.export === 'saved-pictures')
    expect(saved.map(({ entry, edit }) => [entry, edit])).toEqual([
      ['S-001', 'cropped-light'],
      ['S-004', 'recompressed'],
      ['S-005', 'screenshot'],
    ])
    expect(new Set(saved.map(({ path }) => path)).size).toBe(3)
    for (const { path } of saved) expect(names).toContain(path)
  })

  it('links the back-up group to the group: invite, members in common, forwards of the same files', async () => {
    const { dir, plan } = await makeDemo()
    const [group, backup] = plan.exports
    const writers = async (name: string) => {
      const text = await readFile(join(dir, name, 'result.json'), 'latin1')
      return new Set([...text.matchAll(/"from_id": "(user\d+)"/g)].map((match) => match[1]))
    }
    const [inGroup, inBackup] = [await writers('group-export'), await writers('backup-export')]
    const shared = [...inGroup].filter((id) => inBackup.has(id)).length
    expect(shared / (inGroup.size + inBackup.size - shared)).toBeGreaterThan(0.3)
    expect(group?.truth.identifiers.filter(({ kind }) => kind === 'invite').length).toBe(1)
    const forwards =
      backup?.truth.copies.filter(({ forwardedFrom }) => forwardedFrom === group?.truth.title) ?? []
    expect(forwards.length).toBeGreaterThanOrEqual(10)
    const nobodys = forwards.filter(({ entry }) => entry === null)
    for (const { scene, path } of nobodys) {
      const source = group?.truth.copies.find((copy) => copy.scene === scene && copy.edit === 'exact')
      expect(await sha256Of(join(dir, 'backup-export', path ?? ''))).toBe(
        await sha256Of(join(dir, 'group-export', source?.path ?? '')),
      )
    }
  })

  it('contains the faults a reader must survive and a wording that calls for a pile-on', async () => {
    const { plan } = await makeDemo()
    const truth = plan.exports[0]?.truth
    const kinds = new Set(truth?.faults.map(({ kind }) => kind))
    expect([...kinds].sort()).toEqual(['ctrl', 'ls', 'missing', 'not-included', 'truncated-jpeg'])
    expect(truth?.notes.map(({ label }) => label)).toEqual(['pile-on'])
    expect(truth?.identifiers.filter(({ kind }) => kind === 'phone').length).toBeGreaterThanOrEqual(14)
    expect(truth?.identifiers.some(({ kind, isReal }) => kind === 'mykad' && !isReal)).toBe(true)
  })

  it('is the same for the same seed', async () => {
    const [first, again, other] = [await makeDemo(), await makeDemo(), await makeDemo('other')]
    const result = (dir: string) => sha256Of(join(dir, 'group-export', 'result.json'))
    expect(again.plan.copies).toEqual(first.plan.copies)
    expect(await result(again.dir)).toBe(await result(first.dir))
    expect(await result(other.dir)).not.toBe(await result(first.dir))
  })

  it('refuses a folder with something in it, and leaves nothing behind when stopped', async () => {
    const dir = await temporaryFolder()
    const stop = new AbortController()
    const options = { seed: 'demo', dir, pictureSize: SMALL }
    const onProgress = () => stop.abort()
    await expect(generateDemo({ ...options, onProgress, signal: stop.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    expect(await readdir(dir)).toEqual([])
    await writeFile(join(dir, 'diary.txt'), 'mine')
    await expect(generateDemo(options)).rejects.toMatchObject({ code: 'OUTPUT_NOT_EMPTY' })
    expect(await readdir(dir)).toEqual(['diary.txt'])
  })
})
