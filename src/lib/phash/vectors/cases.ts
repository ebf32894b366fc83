import type { Orientation } from '../orientation.ts'
import type { Pixels } from '../pixels.ts'
import { generate } from './generate.ts'
import file from './vectors.json' with { type: 'json' }

/** How strictly to compare; see README. */
export type CaseKind = 'exact' | 'ties' | 'flat' | 'tooSmall'

export interface VectorCase {
  id: string
  generator: string
  seed: number
  width: number
  height: number
  channels: number
  sha256: string
  hash: string
  quality: number
  kind: CaseKind
  dihedral: Record<Orientation, string>
  nearest512?: { hash: string; quality: number }
}

/** The known answers. */
export const CASES: readonly VectorCase[] = file.cases.map(({ kind, nearest512, ...rest }) => ({
  ...rest,
  kind: kindOf(kind),
  ...(nearest512 && { nearest512 }),
}))

/** Draws the picture of a case. */
export function pixelsOf({ generator, seed, width, height, channels }: VectorCase): Pixels {
  const data = generate(generator, seed, width, height, channels)
  return { data, width, height, format: channels === 1 ? 'luma8' : 'rgb8' }
}

function kindOf(text: string): CaseKind {
  if (text === 'exact' || text === 'ties' || text === 'flat' || text === 'tooSmall') return text
  throw new Error(`no such kind of case: ${text}`)
}
