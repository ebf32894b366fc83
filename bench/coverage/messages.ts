import type { Registered } from './bank.ts'
import type { EditName } from './edits.ts'
import type { Measured } from './measure.ts'
import type { PictureSource } from './pictures.ts'

/** What every worker is started with. */
export interface Setup {
  readonly pictures: readonly PictureSource[]
  readonly edits: readonly EditName[]
  readonly seed: number
}

/** Work for one picture by its number, or the bank that all later copies are looked up in. */
export type Request =
  | { readonly kind: 'register'; readonly picture: number }
  | { readonly kind: 'bank'; readonly registered: readonly Registered[] }
  | { readonly kind: 'measure'; readonly picture: number }

export interface RegisteredPicture {
  readonly registered: Registered
  readonly ms: number
}

export interface MeasuredCopy extends Measured {
  readonly edit: EditName
  /** Number of the picture it was made of. */
  readonly own: number
}

export type Answer = RegisteredPicture | readonly MeasuredCopy[] | null
