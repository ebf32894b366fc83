import { coverageClass } from '#lib/phash/index.ts'
import type { BankEntry } from './read-bank.ts'
import type { RegisteredPicture } from './record.ts'
import { countRows } from './registered-windows.ts'

/** Registered pictures by what is recognised of each. */
export interface BankCoverage {
  /** Most copies, crops and screenshots among them. */
  most: number
  /** Full copies and many crops. */
  many: number
  /** Windows were made, but the picture has too few details for more than near-identical copies. */
  nearIdentical: number
  /** Registered without windows. */
  wholeOnly: number
  /** Without any usable print: the same file only. */
  fileOnly: number
}

export function bankCoverage(entries: readonly BankEntry[]): BankCoverage {
  const coverage: BankCoverage = { most: 0, many: 0, nearIdentical: 0, wholeOnly: 0, fileOnly: 0 }
  for (const { pictures } of entries) for (const picture of pictures) coverage[classOf(picture)]++
  return coverage
}

const CLASS_NAMES = { most: 'most', some: 'many', 'near-exact': 'nearIdentical' } as const

function classOf({ usable, prints, quality, windows }: RegisteredPicture): keyof BankCoverage {
  const rows = countRows(windows)
  if ((!usable || prints.length === 0) && rows === 0) return 'fileOnly'
  if (windows === undefined) return 'wholeOnly'
  return CLASS_NAMES[coverageClass(rows, quality)]
}
