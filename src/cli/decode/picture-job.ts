import type { Frame, PictureSet } from '#domain/index.ts'
import type { Orientation, PartnerLevel, Rect, Unusable, WindowRow } from '#lib/phash/index.ts'
import type { PrintScope, SightingPrint } from '#lib/seal/index.ts'
import type { DecodeMode } from './decode-picture.ts'
import type { DecodeErrorCode } from './errors.ts'
import type { WindowSearchInput } from './window-index.ts'

/**
 * `query`: prints to look a picture up with. `register`: the set a bank keeps. `whole`: the one print of the frame.
 * `P8`, `P33`, `P64`: whole-picture rows for matchers that know nothing of windows.
 */
export type PrintPlan = 'query' | 'register' | 'whole' | 'standard' | 'wide' | PartnerLevel

/** What a server is told of a picture: the set it is registered with, or what is asked about one that was seen. */
export type ServerPlan = { readonly register: 'whole' | WindowSet } | 'sighting'

/** What is asked about one frame or form of a picture. */
export interface SightingForm {
  readonly scope: PrintScope
  readonly prints: readonly SightingPrint[]
}

export interface PictureJob {
  bytes: Uint8Array<ArrayBuffer>
  mode: DecodeMode
  plan: PrintPlan
  /** Register windows too. */
  windowSet?: WindowSet
  /** In place of the plan. */
  forServer?: ServerPlan
}

/** `full`: upright windows. `tilt`: and slightly turned ones. */
export type WindowSet = 'full' | 'tilt'

/** Windows to register. They describe the picture and are treated like it. */
export interface MadeWindows {
  set: WindowSet
  rows: WindowRow[]
  /** Shorter side of the part they lie in, pixels. */
  shorterSide: number
  /** That part, where it is not the whole frame. */
  region?: Rect
}

/** A registered window near one of the looked-up picture. Lengths in pixels of that picture. */
export interface WindowHitRecord {
  /** Number of the row in the table the pool was given. */
  row: number
  query: { cx: number; cy: number; side: number; quality: number }
  orientation: Orientation
  distance: number
}

/** What the windows of one frame of a looked-up picture found: hits of entries on which at least two windows agree. */
export interface WindowSighting {
  frame: Frame
  hits: WindowHitRecord[]
}

export interface PrintRecord {
  name: string
  /** 64 lower-case hexadecimal digits. */
  pdq: string
  quality: number
  usable: boolean
  reason?: Unusable
}

export interface PictureRecord {
  sha256: string
  md5: string
  /** MIME type, by content. */
  type: string
  width: number
  height: number
  /** Several may have one name: frames of an animation, forms of a damaged picture. */
  prints: PrintRecord[]
  /** Damaged, or one of its frames could not be read: what was left of it has been compared. Look-ups only. */
  isPartial?: true
  /** Registration only, when asked for. */
  windows?: MadeWindows
  /** Look-ups only, when the pool was given registered windows: what each frame or form found. */
  sightings?: WindowSighting[]
  /** With the server's plan, for registering. */
  set?: PictureSet
  /** With the server's plan, of a picture that was seen: one for each frame and form; none where it has too few details. */
  forms?: SightingForm[]
  /** Some frame was looked at a second time. */
  hasLookedTwice?: true
  /** Processor time spent on prints after decoding, milliseconds. */
  printMs: number
}

/** A picture that cannot be decoded still has digests: an exact copy of a registered file is recognised by them. */
export interface PictureFailure {
  sha256: string | null
  md5: string | null
  error: { code: DecodeErrorCode; message: string }
}

/** Lower-case hexadecimal digests of the file. */
export interface Digests {
  sha256: string
  md5: string
}

/** What a worker is started with. `windows`: what look-ups search besides giving prints. */
export interface WorkerInput {
  windows?: WindowSearchInput
}

/** From the pool to a worker. `hasRoom`: the job may unpack its large picture now. */
export type ToWorker = { id: number; job: PictureJob } | { id: number; hasRoom: true }

/**
 * From a worker to the pool. `digests` come before anything that could end the worker. `wantsRoom` waits for `hasRoom`; the
 * room is given back with the result.
 */
export type FromWorker =
  | { id: number; digests: Digests }
  | { id: number; wantsRoom: true }
  | { id: number; result: PictureResult }

export type PictureResult = { ok: true; picture: PictureRecord } | { ok: false; failure: PictureFailure }
