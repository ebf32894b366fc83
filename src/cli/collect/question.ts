import type { SightingContext } from '#contract/sighting-context.ts'
import type { SightingForm } from '../decode/index.ts'
import type { UnreadFile } from './group-pictures.ts'

/** A picture as it is asked about. */
export interface Asking {
  /** One for each frame and form; none for a picture with too few details. */
  readonly forms: readonly SightingForm[]
  readonly context: SightingContext
}

export interface Question {
  /** SHA-256 of the picture: the same picture is asked about once. */
  readonly key: string
  read(): Promise<Asking | UnreadFile>
}
