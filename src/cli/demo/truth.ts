import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DemoCopy, DemoPlaceName, DemoPlan, EditKind } from '../generate/index.ts'
import { PLACES } from './cast.ts'

/** A picture of somebody that was found, as the match in her case says. */
export interface FoundCopy {
  readonly entry: string
  readonly place: DemoPlaceName
  /** Of the file, 64 hexadecimal digits. */
  readonly sha256: string
}

export interface PlaceRow {
  readonly entry: string
  readonly place: DemoPlaceName
  readonly planted: number
  /** Kinds of copies that were found there, in the order they were planted. */
  readonly found: readonly CopyClass[]
}

export interface MissedCopy {
  readonly entry: string
  readonly place: DemoPlaceName
  readonly kind: CopyClass
}

/** What was found, held against what was planted: what no scan of real life can know. */
export interface Comparison {
  readonly rows: readonly PlaceRow[]
  readonly missed: readonly MissedCopy[]
  /** Found where nothing was planted. */
  readonly wrong: readonly FoundCopy[]
  /** Entries of which nothing was planted anywhere. */
  readonly neverPosted: readonly string[]
}

export type CopyClass = EditKind | Exclude<DemoCopy['state'], 'present'>

export async function compareWithTruth(plan: DemoPlan, found: readonly FoundCopy[]): Promise<Comparison> {
  const keys = new Set(found.map(keyOf))
  const copies = await Promise.all(
    plan.copies.map(async (copy) => {
      const key = keyOf({ entry: copy.entry, place: copy.export, sha256: await digestOf(plan, copy) })
      return { ...copy, key, isFound: keys.has(key) }
    }),
  )
  const planted = new Set(copies.map(({ key }) => key))
  const groups = new Map<string, typeof copies>()
  for (const copy of copies) {
    const group = `${copy.entry} ${placeOrder(copy.export)}`
    groups.set(group, [...(groups.get(group) ?? []), copy])
  }
  const rows = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]): PlaceRow[] => {
      const [first] = group
      if (first === undefined) return []
      const found = group.filter(({ isFound }) => isFound).map(classOf)
      return [{ entry: first.entry, place: first.export, planted: group.length, found }]
    })
  return {
    rows,
    missed: copies
      .filter(({ isFound }) => !isFound)
      .map((copy) => ({ entry: copy.entry, place: copy.export, kind: classOf(copy) })),
    wrong: found.filter((one) => !planted.has(keyOf(one))),
    neverPosted: plan.survivors
      .map(({ entry }) => entry)
      .filter((entry) => !copies.some((copy) => copy.entry === entry)),
  }
}

export function whyMissed(kind: CopyClass): string {
  return WHY_MISSED[kind] ?? 'not recognised'
}

const WHY_MISSED: Partial<Record<CopyClass, string>> = {
  missing: 'named in the export, but not there',
  'not-included': 'exported without photos',
  damaged: 'cut off: too little of it is left',
  'cropped-light': 'too little of it is left',
  'cropped-heavy': 'too little of it is left',
  screenshot: 'the picture is too small in it',
  stickered: 'a large part of the picture is covered',
  thumbnail: 'too small: most of its detail is gone',
}

function classOf({ edit, state }: DemoCopy): CopyClass {
  return state === 'present' ? edit : state
}

const placeOrder = (place: DemoPlaceName): number => PLACES.indexOf(place)

const keyOf = ({ entry, place, sha256 }: FoundCopy): string => `${entry} ${place} ${sha256}`

/** Empty where there is no file. */
async function digestOf(plan: DemoPlan, { export: place, path, state }: DemoCopy): Promise<string> {
  const { dir } = [...plan.exports, plan.saved].find(({ name }) => name === place) ?? {}
  if (dir === undefined || path === null || state === 'missing') return ''
  return createHash('sha256')
    .update(await readFile(join(dir, path)))
    .digest('hex')
}
