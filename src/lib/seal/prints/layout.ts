import { SealError } from '../errors.ts'

/** Bytes of the id of a row, of a set, of a sighting: random. */
export const ID_BYTES = 16
export const PRINT_BYTES = 32
/** Place, turn and quality of a window: the last 8 bytes of its row of 40. */
export const PLACE_BYTES = 8
export const WHOLE = 1
export const WINDOW = 2

export const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

export function invalidSet(what: string): SealError {
  return new SealError('PRINT_SET_INVALID', `This set of prints cannot be used: ${what}.`)
}

/** What places of windows refer to. Sides in pixels. */
export interface PrintScope {
  readonly width: number
  readonly height: number
  /** Of what was looked at: the picture without a uniform border. */
  readonly shorterSide: number
}

const SCOPE_BYTES = 12
const MAX_SIDE = 1_000_000

/** Three numbers of four bytes, most significant first. */
export function writeScope(view: DataView, at: number, { width, height, shorterSide }: PrintScope): void {
  for (const [index, side] of [width, height, shorterSide].entries()) {
    if (!isSide(side)) throw invalidSet('a side of the picture is no side')
    view.setUint32(at + index * 4, side)
  }
}

export function readScope(view: DataView, at: number): PrintScope {
  const [width = 0, height = 0, shorterSide = 0] = Array.from({ length: SCOPE_BYTES / 4 }, (_, index) =>
    view.getUint32(at + index * 4),
  )
  if (![width, height, shorterSide].every(isSide)) throw invalidSet('a side of the picture is no side')
  return { width, height, shorterSide }
}

function isSide(side: number): boolean {
  return Number.isInteger(side) && side >= 1 && side <= MAX_SIDE
}
