import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { DemoCopy, DemoPlan } from '../generate/index.ts'
import { emptyTruth } from '../generate/truth.ts'
import { tellComparison } from './tell.ts'
import { compareWithTruth } from './truth.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const copy = (entry: string, place: DemoCopy['export'], path: string, rest: Partial<DemoCopy> = {}) => ({
  export: place,
  messageId: 1,
  entry,
  edit: 'exact' as const,
  state: 'present' as const,
  path,
  forwardedFrom: null,
  ...rest,
})

/** Files whose bytes are their names. */
async function planOf(copies: readonly DemoCopy[]): Promise<DemoPlan> {
  const dir = await mkdtemp(join(tmpdir(), 'saksi-truth-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  for (const { export: place, path, state } of copies) {
    await mkdir(join(dir, place), { recursive: true })
    if (path !== null && state !== 'missing') await writeFile(join(dir, place, path), path)
  }
  const made = (name: 'group-export' | 'backup-export', title: string) => ({
    name,
    dir: join(dir, name),
    truthPath: '',
    truth: emptyTruth('seed', title, 1),
  })
  return {
    seed: 'seed',
    exports: [made('group-export', 'Group'), made('backup-export', 'Back-up')],
    saved: { name: 'saved-pictures', dir: join(dir, 'saved-pictures'), pictures: 9 },
    survivors: ['S-001', 'S-002', 'S-003'].map((entry) => ({ entry, scene: 1, picturePath: '' })),
    copies: [...copies],
  }
}

it('counts what was found where, and says of the rest what it was', async () => {
  const plan = await planOf([
    copy('S-001', 'group-export', 'a'),
    copy('S-001', 'group-export', 'b', { edit: 'mirrored' }),
    copy('S-001', 'saved-pictures', 'a'),
    copy('S-002', 'backup-export', 'c', { state: 'missing' }),
  ])
  const found = [
    { entry: 'S-001', place: 'group-export', sha256: sha256('b') },
    // Seen twice, by two witnesses: it is one copy.
    { entry: 'S-001', place: 'group-export', sha256: sha256('b') },
  ] as const
  expect(await compareWithTruth(plan, found)).toEqual({
    rows: [
      { entry: 'S-001', place: 'group-export', planted: 2, found: ['mirrored'] },
      { entry: 'S-001', place: 'saved-pictures', planted: 1, found: [] },
      { entry: 'S-002', place: 'backup-export', planted: 1, found: [] },
    ],
    missed: [
      { entry: 'S-001', place: 'group-export', kind: 'exact' },
      { entry: 'S-001', place: 'saved-pictures', kind: 'exact' },
      { entry: 'S-002', place: 'backup-export', kind: 'missing' },
    ],
    wrong: [],
    neverPosted: ['S-003'],
  })
})

it('calls wrong what is of somebody else, of nobody, or of another place', async () => {
  const plan = await planOf([copy('S-001', 'group-export', 'a'), copy('S-002', 'backup-export', 'c')])
  const wrong = [
    { entry: 'S-002', place: 'group-export', sha256: sha256('a') },
    { entry: 'S-003', place: 'group-export', sha256: sha256('of nobody') },
    { entry: 'S-001', place: 'backup-export', sha256: sha256('a') },
  ] as const
  const comparison = await compareWithTruth(plan, wrong)
  expect(comparison.wrong).toEqual(wrong)
  expect(comparison.rows.map(({ found }) => found.length)).toEqual([0, 0])
  const paint = { bold: String, dim: String, good: String, attention: String, bad: String }
  const lines = tellComparison(comparison, plan, { columns: 80, paint })
  expect(lines.join('\n')).toContain('Wrong matches: 3.')
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
})
