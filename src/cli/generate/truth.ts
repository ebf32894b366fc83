import type { EditKind } from './edit-kinds.ts'
import type { IdentifierKind } from './identifiers.ts'

/** What a reader of the export must find at a picture: `damaged` is there, but its file is cut off. */
export type PictureState = 'present' | 'missing' | 'not-included' | 'damaged'

export type FaultKind = 'ctrl' | 'ls' | 'missing' | 'not-included' | 'truncated-jpeg'

/** A copy of a picture that was planted on purpose. */
export interface PlantedCopy {
  /** Null: a picture of nobody, placed to be forwarded elsewhere. */
  entry: string | null
  scene: number
  edit: EditKind
  messageId: number
  /** Inside the export; null when the export names no file. */
  path: string | null
  state: PictureState
  forwardedFrom: string | null
}

export interface PlantedIdentifier {
  kind: IdentifierKind
  spelling: string
  value: string
  isReal: boolean
  messageId: number
  /** UTF-16 units in the message's flattened text. */
  start: number
  end: number
}

export interface PlantedFault {
  kind: FaultKind
  messageId: number
  /**
   * Where the escape of the faulty character begins in `result.json`, in the message's `text` (`text_entities` repeats
   * it); the stray bytes of `ls` follow 6 bytes later. Null for faults of media files.
   */
  offset: number | null
  path: string | null
}

/** What is true about a generated export, for tests and for an honest demonstration. */
export interface Truth {
  generator: 'saksi-gen/v1'
  seed: string
  title: string
  groupId: number
  counts: {
    /** Elements of `messages`: of type `message`, and of type `service`. */
    messages: number
    service: number
    edited: number
    forwarded: number
    replies: number
    pictures: number
  }
  /** All attachments, pictures and others, by what a reader sees in the export. Damaged pictures are `present`. */
  attachments: { present: number; missing: number; 'not-included': number }
  copies: PlantedCopy[]
  identifiers: PlantedIdentifier[]
  /** Messages whose wording was placed on purpose, e.g. one that calls for a pile-on. */
  notes: { label: string; messageId: number }[]
  faults: PlantedFault[]
}

export function emptyTruth(seed: string, title: string, groupId: number): Truth {
  return {
    generator: 'saksi-gen/v1',
    seed,
    title,
    groupId,
    counts: { messages: 0, service: 0, edited: 0, forwarded: 0, replies: 0, pictures: 0 },
    attachments: { present: 0, missing: 0, 'not-included': 0 },
    copies: [],
    identifiers: [],
    notes: [],
    faults: [],
  }
}
