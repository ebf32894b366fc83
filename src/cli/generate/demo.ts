import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EditKind } from './edit-kinds.ts'
import { asGenerateError, isEmptyFolder } from './empty-folder.ts'
import { throwIfAborted } from './errors.ts'
import { type GeneratedExport, generateExport } from './generate-export.ts'
import type { Plant } from './options.ts'
import { editedPicture, originalPicture, type PictureSize, unrelatedPicture } from './pictures.ts'
import { pickFree } from './schedule.ts'
import { randomFor } from './streams.ts'
import type { PictureState } from './truth.ts'

export const DEMO_EXPORTS = ['group-export', 'backup-export'] as const

/** A folder of pictures that somebody saved one by one; it says nothing of who posted them, or when. */
export const DEMO_SAVED = 'saved-pictures'

export type DemoPlaceName = (typeof DEMO_EXPORTS)[number] | typeof DEMO_SAVED

export interface DemoOptions {
  seed: string
  /** Absent or empty. */
  dir: string
  /** Pixels; 1280 and 960 unless given. */
  pictureSize?: PictureSize
  onProgress?: (done: number, total: number) => void
  signal?: AbortSignal
}

/** A survivor's picture as it stands somewhere in what was handed over. */
export interface DemoCopy {
  export: DemoPlaceName
  /** Null where there are no messages. */
  messageId: number | null
  entry: string
  edit: EditKind
  /** `missing`, `not-included` and `damaged` copies cannot be found by their look, and the demo must say so. */
  state: PictureState
  /** Inside the export; null when the export names no file. */
  path: string | null
  forwardedFrom: string | null
}

export interface DemoPlan {
  seed: string
  exports: (GeneratedExport & { name: (typeof DEMO_EXPORTS)[number] })[]
  saved: { dir: string; name: typeof DEMO_SAVED; pictures: number }
  /** S-006 appears nowhere. */
  survivors: { entry: string; scene: number; picturePath: string }[]
  /** In order of export and message, those of the saved pictures last. */
  copies: DemoCopy[]
}

const ENTRIES = ['S-001', 'S-002', 'S-003', 'S-004', 'S-005', 'S-006'] as const

type Entry = (typeof ENTRIES)[number]

/** Seed of the scene that is the entry's picture. */
type SceneOf = (entry: Entry) => number

type Placed = readonly [entry: Entry, edits: readonly EditKind[], state?: PictureState]

const IN_GROUP: readonly Placed[] = [
  ['S-001', ['exact', 'recompressed', 'mirrored', 'screenshot']],
  ['S-002', ['resized', 'turned-90', 'bordered', 'stickered']],
  ['S-003', ['cropped-light', 'screenshot', 'turned-180']],
  ['S-003', ['recompressed'], 'missing'],
  ['S-004', ['stickered', 'mirrored', 'thumbnail']],
  ['S-004', ['resized'], 'damaged'],
  ['S-005', ['exact', 'cropped-heavy', 'turned-270']],
  ['S-005', ['recompressed'], 'not-included'],
]

const IN_BACKUP: readonly Placed[] = [
  ['S-001', ['exact']],
  ['S-002', ['recompressed', 'cropped-light']],
  ['S-004', ['exact', 'screenshot']],
  ['S-005', ['bordered']],
]

const SAVED: readonly (readonly [entry: Entry, edit: EditKind])[] = [
  ['S-001', 'cropped-light'],
  ['S-004', 'recompressed'],
  ['S-005', 'screenshot'],
]
/** Pictures of nobody among the saved ones. */
const SAVED_UNRELATED = 6

const GROUP_TITLE = 'Kedai Kopi Malam'
const BACKUP_FIRST_TITLE = 'Simpanan Kedai Kopi'
const BACKUP_TITLE = 'Pasar Tani Hujung Minggu'
/** Pictures of nobody that were forwarded from the group to its back-up. */
const SHARED_PICTURES = 12
const GROUP_START = 1_751_328_000
const BACKUP_START = 1_751_500_800

/**
 * What `saksi demo` plays with, all drawn and invented: a group's export, the export of its renamed back-up group (shared
 * members, forwarded copies; the group's pinned message invites to it), a folder of saved pictures, and six survivors'
 * original pictures. The same
 * seed gives the same plan. When it fails or is aborted, what it wrote is removed.
 * Errors: `OUTPUT_NOT_EMPTY`, `OUTPUT_UNWRITABLE`, `ABORTED`.
 */
export async function generateDemo(options: DemoOptions): Promise<DemoPlan> {
  const { dir, seed } = options
  throwIfAborted(options.signal)
  const wasThere = await isEmptyFolder(dir)
  const firstScene = 4 * randomFor(seed, '/survivors').below(10_000_000)
  const sceneOf: SceneOf = (entry) => firstScene + ENTRIES.indexOf(entry)
  const names = ['survivors', DEMO_SAVED, ...DEMO_EXPORTS.flatMap((name) => [name, `${name}.truth.json`])]
  try {
    const survivors = await writeSurvivors(options, sceneOf)
    const group = await writeGroup(options, sceneOf)
    const backup = await writeBackup(options, sceneOf)
    const exports = [
      { name: 'group-export' as const, ...group },
      { name: 'backup-export' as const, ...backup },
    ]
    const saved = await writeSaved(options, sceneOf)
    const copies = [...exports.flatMap(copiesOf), ...saved.copies]
    return { seed, exports, saved: saved.folder, survivors, copies }
  } catch (error) {
    for (const name of names) await rm(join(dir, name), { recursive: true, force: true })
    if (!wasThere) await rm(dir, { recursive: true, force: true })
    throw asGenerateError(error)
  }
}

async function writeSurvivors(options: DemoOptions, sceneOf: SceneOf): Promise<DemoPlan['survivors']> {
  const survivors: DemoPlan['survivors'] = []
  for (const entry of ENTRIES) {
    const folder = join(options.dir, 'survivors', entry)
    const picturePath = join(folder, 'picture-1.jpg')
    const { bytes } = await originalPicture(sceneOf(entry), sizeOf(options))
    await mkdir(folder, { recursive: true })
    await writeFile(picturePath, bytes, { flag: 'wx' })
    survivors.push({ entry, scene: sceneOf(entry), picturePath })
  }
  return survivors
}

function writeGroup(options: DemoOptions, sceneOf: SceneOf): Promise<GeneratedExport> {
  return generateExport({
    dir: join(options.dir, 'group-export'),
    seed: `${options.seed}/group`,
    title: GROUP_TITLE,
    groupId: 990_000_000_101,
    messages: 400,
    pictures: 120,
    people: { seed: options.seed, first: 0 },
    members: 34,
    startUnix: GROUP_START,
    plant: [...plantsOf(IN_GROUP, sceneOf), ...sharedPictures(sceneOf)],
    identifiers: 24,
    events: [
      {
        type: 'note',
        label: 'pile-on',
        before: 'Ramai-ramai tegur ',
        handle: 'test_rusa',
        after: ' sampai dia balas.',
      },
      { type: 'invite', linkSeed: options.seed },
      { type: 'pin' },
    ],
    faults: { ctrl: 1, ls: 1, missing: 4, 'not-included': 3, 'truncated-jpeg': 1 },
    ...passedOn(options, 0),
  })
}

function writeBackup(options: DemoOptions, sceneOf: SceneOf): Promise<GeneratedExport> {
  return generateExport({
    dir: join(options.dir, 'backup-export'),
    seed: `${options.seed}/backup`,
    title: BACKUP_TITLE,
    groupId: 990_000_000_202,
    messages: 200,
    pictures: 45,
    people: { seed: options.seed, first: 10 },
    members: 34,
    startUnix: BACKUP_START,
    plant: [...plantsOf(IN_BACKUP, sceneOf), ...sharedPictures(sceneOf)].map((plant) => ({
      ...plant,
      forwardedFrom: GROUP_TITLE,
    })),
    identifiers: 8,
    firstTitle: BACKUP_FIRST_TITLE,
    events: [{ type: 'title', title: BACKUP_TITLE }],
    ...passedOn(options, 1),
  })
}

/** Pictures under numbers, in an order that says nothing of what they are. */
async function writeSaved(
  options: DemoOptions,
  sceneOf: SceneOf,
): Promise<{ folder: DemoPlan['saved']; copies: DemoCopy[] }> {
  const seed = `${options.seed}/saved`
  const dir = join(options.dir, DEMO_SAVED)
  await mkdir(dir, { recursive: true })
  const pictures = SAVED.length + SAVED_UNRELATED
  const places = pickFree(randomFor(seed, '/order'), pictures, SAVED.length, new Set())
  const copies = SAVED.map(([entry, edit], i): DemoCopy => {
    const path = `saved-${String((places[i] ?? 0) + 1).padStart(2, '0')}.jpg`
    return { export: DEMO_SAVED, messageId: null, entry, edit, state: 'present', path, forwardedFrom: null }
  })
  for (let n = 1; n <= pictures; n++) {
    throwIfAborted(options.signal)
    const path = `saved-${String(n).padStart(2, '0')}.jpg`
    const copy = copies.find((one) => one.path === path)
    const entry = ENTRIES.find((one) => one === copy?.entry)
    const { bytes } =
      copy === undefined || entry === undefined
        ? await unrelatedPicture(sceneOf('S-006') + 2_000 + n, sizeOf(options))
        : await editedPicture(sceneOf(entry), copy.edit, seed, sizeOf(options))
    await writeFile(join(dir, path), bytes, { flag: 'wx' })
  }
  return { folder: { dir, name: DEMO_SAVED, pictures }, copies }
}

function plantsOf(placed: readonly Placed[], sceneOf: SceneOf): Plant[] {
  return placed.map(([entry, edits, state = 'present']) => ({ entry, scene: sceneOf(entry), edits, state }))
}

function sharedPictures(sceneOf: SceneOf): Plant[] {
  const first = sceneOf('S-006') + 1_000
  return Array.from({ length: SHARED_PICTURES }, (_, i) => ({
    entry: null,
    scene: first + i,
    edits: ['exact'] as const,
  }))
}

function sizeOf(options: DemoOptions): PictureSize {
  return options.pictureSize ?? { longSide: 1280, shortSide: 960 }
}

/** Both exports count as one piece of work. */
function passedOn(options: DemoOptions, part: 0 | 1) {
  const { onProgress, signal } = options
  return {
    pictureSize: sizeOf(options),
    ...(signal ? { signal } : {}),
    ...(onProgress
      ? { onProgress: (done: number, total: number) => onProgress(part * total + done, 2 * total) }
      : {}),
  }
}

function copiesOf({ name, truth }: DemoPlan['exports'][number]): DemoCopy[] {
  return truth.copies.flatMap(({ entry, edit, messageId, state, path, forwardedFrom }) =>
    entry === null ? [] : [{ export: name, messageId, entry, edit, state, path, forwardedFrom }],
  )
}
