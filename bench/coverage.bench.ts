// How many edited copies are found again, by kind of edit, and how many pictures are confused:
//   npm run bench -- coverage [--pictures DIR] [--half a|b] [--seed S] [--edits LIST] [--limit N] [--json]
// Without --pictures 20 drawn scenes are used (or --limit N); figures for photographs differ. Of a folder, --half takes the
// pictures whose SHA-256 is even (a, for choosing parameters) or odd (b, to be looked at last). --edits is a list with
// commas. Each copy is also looked up against all other pictures: any match there is false, so the folder must not hold a
// picture twice, nor in two forms.
import { parseArgs } from 'node:util'
import { type CoverageClass, coverageClass } from '#lib/phash/index.ts'
import { EDITS, type EditName, isEditName } from './coverage/edits.ts'
import { METHODS, type Method } from './coverage/measure.ts'
import type { MeasuredCopy, RegisteredPicture } from './coverage/messages.ts'
import { drawnScenes, type Half, picturesIn } from './coverage/pictures.ts'
import { Pool } from './coverage/pool.ts'
import { printReport } from './table.ts'

const WORKERS = 2
const DRAWN_SCENES = 20
const CLASSES: readonly CoverageClass[] = ['most', 'some', 'near-exact']

const HEADINGS: Readonly<Record<Method, string>> = {
  plain: 'plain PDQ',
  whole: 'whole + trim, 8 ways',
  full: 'full windows',
  tilt: '+ tilt',
  secondLook: '+ second look',
}

const { values } = parseArgs({
  options: {
    pictures: { type: 'string' },
    half: { type: 'string' },
    seed: { type: 'string', default: '1' },
    edits: { type: 'string' },
    limit: { type: 'string' },
    json: { type: 'boolean' },
  },
})

const half = halfOf(values.half)
const limit = values.limit === undefined ? undefined : Number(values.limit)
const edits = editsIn(values.edits)
const found = values.pictures
  ? await picturesIn(values.pictures, half)
  : drawnScenes(limit ?? DRAWN_SCENES, half)
const pictures = found.slice(0, limit)
if (pictures.length < 2) throw new Error('At least two pictures are needed.')

const pool = new Pool(WORKERS, { pictures, edits, seed: Number(values.seed) })
const registered = await pool.registerAll(pictures.length)
await pool.useBank(registered)
const copies = await pool.measureAll(pictures.length, (done) => {
  if (done % 10 === 0) console.error(`${done} of ${pictures.length} pictures`)
})
await pool.close()
report(registered, copies)

function report(registered: readonly RegisteredPicture[], copies: readonly MeasuredCopy[]): void {
  const perEdit = Object.fromEntries(
    edits.map((edit) => [edit, recallOf(copies.filter((copy) => copy.edit === edit))]),
  )
  const mean = recallOf(copies)
  const perClass = Object.fromEntries(
    CLASSES.map((name) => {
      const members = registered.map((picture) => classOf(picture) === name)
      const recall = recallOf(copies.filter(({ own }) => members[own]))
      return [name, { pictures: members.filter(Boolean).length, ...recall }]
    }),
  )
  const lines = [
    ...Object.entries(perEdit),
    ['mean', mean] as const,
    ...CLASSES.map(
      (name) => [`mean of class ${name} (${perClass[name]?.pictures})`, perClass[name] ?? mean] as const,
    ),
  ].map(([name, recall]) => [name, ...METHODS.map((method) => recall[method].toFixed(1))])
  const collages = copies.filter(({ edit }) => edit === 'collage-2').length
  const rows = registered.map(({ registered: { windows } }) => windows.length)
  const upright = registered.map(
    ({ registered: { windows } }) => windows.filter(({ angle }) => angle === 0).length,
  )
  const figures = {
    pictures: pictures.length,
    copies: copies.length,
    meanPlain: mean.plain,
    meanWhole: mean.whole,
    meanFull: mean.full,
    meanTilt: mean.tilt,
    meanSecondLook: mean.secondLook,
    falseMatches: sum(copies, ({ falseEntries }) => falseEntries.length),
    falseWholeMatches: sum(copies, ({ falseWholeEntries }) => falseWholeEntries.length),
    falsePossible: sum(copies, ({ falsePossible }) => falsePossible),
    unrelatedPairs: copies.length * (pictures.length - 1) - collages,
    secondLooks: copies.filter(({ hasSecondLook }) => hasSecondLook).length,
    rowsPerPicture: sum(rows, (count) => count) / rows.length,
    uprightRowsPerPicture: sum(upright, (count) => count) / upright.length,
    picturesWithFewRows: upright.filter((count) => count < 5).length,
    printsPerQuery: sum(copies, ({ windows }) => windows) / copies.length,
    registerMs: median(registered.map(({ ms }) => ms)),
    queryMs: median(copies.map(({ queryMs }) => queryMs)),
  }
  const columns = ['per cent found', ...METHODS.map((method) => HEADINGS[method])]
  printReport(`Copies of ${pictures.length} pictures found again`, { columns, rows: lines }, figures)
  if (values.json) console.log(JSON.stringify({ ...figures, perEdit, perClass }))
  for (const pair of falsePairs(copies)) console.error(`false match: ${pair}`)
  for (const line of oftenMissed(copies)) console.error(`often missed: ${line}`)
}

/** What the person who registers this picture is told. */
function classOf({ registered: { prints, windows } }: RegisteredPicture): CoverageClass {
  const uprightRows = windows.filter(({ angle }) => angle === 0).length
  return coverageClass(uprightRows, prints[0]?.fingerprint.quality ?? 0)
}

/** Pictures of which more than half of the copies are not found by all methods together. */
function oftenMissed(copies: readonly MeasuredCopy[]): string[] {
  return pictures.flatMap((_, number) => {
    const own = copies.filter((copy) => copy.own === number)
    const missed = own.filter(({ isFound }) => !isFound.secondLook).length
    return missed > own.length / 2 ? [`${missed} of ${own.length} copies of ${nameOf(number)}`] : []
  })
}

/** Per cent of the copies that each method found. */
function recallOf(copies: readonly MeasuredCopy[]): Record<Method, number> {
  const share = (method: Method) =>
    (100 * copies.filter(({ isFound }) => isFound[method]).length) / Math.max(1, copies.length)
  return {
    plain: share('plain'),
    whole: share('whole'),
    full: share('full'),
    tilt: share('tilt'),
    secondLook: share('secondLook'),
  }
}

/** For looking at them: whether the pictures share something, or the rule failed. */
function falsePairs(copies: readonly MeasuredCopy[]): string[] {
  return copies.flatMap(({ edit, own, falseEntries }) =>
    falseEntries.map((entry) => `${edit} of ${nameOf(own)} for ${nameOf(Number(entry))}`),
  )
}

function nameOf(number: number): string {
  const source = pictures[number]
  return source?.kind === 'file' ? source.path : `scene ${source?.seed}`
}

function editsIn(list: string | undefined): EditName[] {
  if (list === undefined) return Object.keys(EDITS).filter(isEditName)
  return list.split(',').map((name) => {
    if (!isEditName(name))
      throw new Error(`There is no edit ${name}; there are ${Object.keys(EDITS).join()}.`)
    return name
  })
}

function halfOf(name: string | undefined): Half | undefined {
  if (name === undefined || name === 'a' || name === 'b') return name
  throw new Error('The half is a or b.')
}

function sum<Item>(items: readonly Item[], numberOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + numberOf(item), 0)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
