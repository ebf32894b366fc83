import type { EditKind } from './edit-kinds.ts'
import { GenerateError } from './errors.ts'
import type { PictureSize } from './pictures.ts'
import type { FaultKind, PictureState } from './truth.ts'

/** Copies of one picture to be planted: one message per edit. */
export interface Plant {
  /** Whose picture it is; null for a picture of nobody that is to appear in several exports. */
  entry: string | null
  /** Seed of the scene. */
  scene: number
  edits: readonly EditKind[]
  /** Name of the place the copies were forwarded from. */
  forwardedFrom?: string
  /** What becomes of the files; `present` unless given. */
  state?: PictureState
}

/** A message placed on purpose; planned messages keep their order. */
export type PlannedEvent =
  /** An invite link to another group; the same seed gives the same link. */
  | { type: 'invite'; linkSeed: string }
  /** Pins the message written by the planned event before it. */
  | { type: 'pin' }
  | { type: 'title'; title: string }
  /** A given wording, found under `label` in the truth; `handle` is named in it as `@handle`. */
  | { type: 'note'; label: string; before: string; handle: string; after: string }

export interface GenerateOptions {
  /** The export's folder: absent or empty. */
  dir: string
  /** Where the truth is written; `<dir>.truth.json` unless given. Never inside `dir`. */
  truthPath?: string
  /** Elements of the export, 0..1,000,000. */
  messages: number
  /** How many of them show a picture, planted ones included. */
  pictures: number
  seed: string
  title?: string
  /** Under which the group was made; `title` unless given. */
  firstTitle?: string
  /** Bare id of the group, up to 2^53-1. */
  groupId?: number
  /** 1..10,000; 40 unless given. */
  members?: number
  /** Seed of the people and the first of them: exports may share members. */
  people?: { seed: string; first: number }
  /** Seconds since 1970, UTC; 2025-01-06 unless given. */
  startUnix?: number
  plant?: readonly Plant[]
  events?: readonly PlannedEvent[]
  /** How many written phone numbers, handles and the like; one message in 200 unless given. */
  identifiers?: number
  faults?: Partial<Record<FaultKind, number>>
  /** Pixels; 1280 and 960 unless given. */
  pictureSize?: PictureSize
  onProgress?: (done: number, total: number) => void
  signal?: AbortSignal
}

export const MAX_MESSAGES = 1_000_000
const DEFAULT_TITLE = 'Kumpulan Contoh'
const MAX_MEMBERS = 10_000
const MAX_SIDE_PX = 4096

/** Options with everything filled in. */
export interface Settings {
  dir: string
  truthPath: string
  messages: number
  pictures: number
  seed: string
  title: string
  firstTitle: string
  groupId: number
  members: number
  people: { seed: string; first: number }
  startUnix: number
  plant: readonly Plant[]
  events: readonly PlannedEvent[]
  identifiers: number
  faults: Record<FaultKind, number>
  pictureSize: PictureSize
}

/** Errors: `OPTION_RANGE`. */
export function settle(options: GenerateOptions): Settings {
  const settings: Settings = {
    dir: options.dir,
    truthPath: options.truthPath ?? `${options.dir.replace(/[\\/]+$/, '')}.truth.json`,
    messages: options.messages,
    pictures: options.pictures,
    seed: options.seed,
    title: options.title ?? DEFAULT_TITLE,
    firstTitle: options.firstTitle ?? options.title ?? DEFAULT_TITLE,
    groupId: options.groupId ?? 990_000_000_001,
    members: options.members ?? 40,
    people: options.people ?? { seed: options.seed, first: 0 },
    startUnix: options.startUnix ?? 1_736_121_600,
    plant: options.plant ?? [],
    events: options.events ?? [],
    identifiers: options.identifiers ?? Math.floor(options.messages / 200),
    faults: { ctrl: 0, ls: 0, missing: 0, 'not-included': 0, 'truncated-jpeg': 0, ...options.faults },
    pictureSize: options.pictureSize ?? { longSide: 1280, shortSide: 960 },
  }
  check(settings)
  return settings
}

function check(settings: Settings): void {
  inRange('messages', settings.messages, 0, MAX_MESSAGES)
  inRange('pictures', settings.pictures, 0, settings.messages)
  inRange('members', settings.members, 1, MAX_MEMBERS)
  inRange('first member', settings.people.first, 0, MAX_MESSAGES)
  inRange('group id', settings.groupId, 1, Number.MAX_SAFE_INTEGER)
  inRange('start', settings.startUnix, 946_684_800, 4_102_444_800)
  inRange('identifiers', settings.identifiers, 0, settings.messages)
  inRange('long side', settings.pictureSize.longSide, 8, MAX_SIDE_PX)
  inRange('short side', settings.pictureSize.shortSide, 8, MAX_SIDE_PX)
  const { faults } = settings
  for (const [kind, count] of Object.entries(faults))
    inRange(`faults of kind ${kind}`, count, 0, settings.messages)
  const planted = settings.plant.reduce((count, plant) => count + plant.edits.length, 0)
  const spoiled = faults.missing + faults['not-included'] + faults['truncated-jpeg']
  inRange('planted copies and faulty pictures', planted + spoiled, 0, settings.pictures)
  const texts = settings.events.length + settings.identifiers + faults.ctrl + faults.ls
  // The first element is the group's making.
  inRange('pictures and planned messages', settings.pictures + texts, 0, Math.max(0, settings.messages - 1))
}

function inRange(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new GenerateError('OPTION_RANGE', `${name}: ${value} is not a whole number of ${least}..${most}.`)
}
