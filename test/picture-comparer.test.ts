import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildMatcher, readBank } from '#cli/bank-file/index.ts'
import { DecodePool, type PictureJob } from '#cli/decode/index.ts'
import { PictureComparer } from '#cli/scan/picture-comparer.ts'
import { openSourceTree } from '#cli/source/index.ts'
import { jpegOf, registerScenes } from './planted-export.ts'
import { root, temporaryFolder } from './run-saksi.ts'

const { path: folder, remove } = temporaryFolder()
const bankPath = join(folder, 'test.bank')
const workerUrl = pathToFileURL(join(root, 'dist', 'decode-worker.js'))

beforeAll(async () => {
  await registerScenes(bankPath, folder, [['S-1', 100]])
  writeFileSync(join(folder, 'one.jpg'), await jpegOf(100))
  writeFileSync(join(folder, 'two.jpg'), await jpegOf(204))
  writeFileSync(join(folder, 'again.jpg'), readFileSync(join(folder, 'one.jpg')))
  writeFileSync(join(folder, 'cut.jpg'), readFileSync(join(folder, 'one.jpg')).subarray(0, 300))
})
afterAll(remove)

class CountingPool extends DecodePool {
  runs = 0

  override run(job: PictureJob) {
    this.runs++
    return super.run(job)
  }
}

async function withComparer(work: (comparer: PictureComparer, pool: CountingPool) => Promise<void>) {
  const matcher = buildMatcher(await readBank(bankPath))
  const tree = await openSourceTree(folder)
  const pool = new CountingPool(workerUrl, 1, matcher.windows)
  try {
    await work(new PictureComparer({ tree, pool, mode: 'exact', matcher }), pool)
  } finally {
    await pool.close()
    await tree.close()
  }
}

it('reads the same bytes once, also while they are being read, and gives each file its matches', async () => {
  await withComparer(async (comparer, pool) => {
    const names = ['one.jpg', 'again.jpg', 'two.jpg', 'one.jpg']
    const found = await Promise.all(names.map((name) => comparer.compare(name)))
    expect(found.map(({ matches }) => matches.map(({ entry, rule }) => `${entry} ${rule}`))).toEqual([
      ['S-1 exact-file'],
      ['S-1 exact-file'],
      [],
      ['S-1 exact-file'],
    ])
    expect(found.map((one) => [one.errorCode, one.areWindowsCompared])).toEqual(names.map(() => [null, true]))
    await comparer.compare('again.jpg')
    expect(pool.runs).toBe(2)
  })
})

it('tries a file again that could not be read, and never rejects for one', async () => {
  await withComparer(async (comparer, pool) => {
    for (let i = 0; i < 2; i++)
      expect(await comparer.compare('cut.jpg')).toMatchObject({ errorCode: 'PICTURE_DAMAGED', matches: [] })
    expect(pool.runs).toBe(2)
    expect(await comparer.compare('none.jpg')).toMatchObject({ sha256: null, errorCode: 'FILE_UNREADABLE' })
  })
})
