import { decideMatches, entriesToLookAtAgain, type PrintHit, registrationPrints } from '#domain/index.ts'
import { type Pixels, queryWindows, registerWindows } from '#lib/phash/index.ts'
import { type Bank, type BankWindowHit, lookUpPrints, lookUpWindows, type Registered } from './bank.ts'

/** What is fed to the match rule, the cheapest first; each but the first holds the one before. */
export const METHODS = ['plain', 'whole', 'full', 'tilt', 'secondLook'] as const
export type Method = (typeof METHODS)[number]

/** What became of one copy. */
export interface Measured {
  /** Whether its own picture was found. */
  readonly isFound: Readonly<Record<Method, boolean>>
  /** Entries found by all methods together that are not in the copy. */
  readonly falseEntries: readonly string[]
  readonly falseWholeEntries: readonly string[]
  /** Entries in the bank that are not in the copy and were asked for a second look. */
  readonly falsePossible: number
  readonly hasSecondLook: boolean
  readonly windows: number
  /** Computing the prints of the first look, without looking them up. */
  readonly queryMs: number
}

const NOBODY: ReadonlySet<string> = new Set()

/** Registers a picture as the program does, with the tilted windows; `ms` is for the windows. */
export async function register(pixels: Pixels): Promise<{ registered: Registered; ms: number }> {
  const start = performance.now()
  const windows = await registerWindows(pixels, { set: 'tilt' })
  const ms = performance.now() - start
  return { registered: { prints: await registrationPrints(pixels), windows }, ms }
}

/** Looks a copy up. `own` is the entry it was made of, `shown` all entries that can be seen in it. */
export async function measureCopy(
  bank: Bank,
  copy: Pixels,
  own: string,
  shown: ReadonlySet<string>,
): Promise<Measured> {
  const start = performance.now()
  const windows = await queryWindows(copy, { look: 'first' })
  const queryMs = performance.now() - start
  const printHits = lookUpPrints(bank, copy)
  const firstHits = lookUpWindows(bank, windows)
  const context = { bankRows: bank.windows.length, frame: copy }

  const possible = entriesToLookAtAgain({ ...context, hits: firstHits }, NOBODY)
  const furtherHits =
    possible.length === 0 ? [] : lookUpWindows(bank, await queryWindows(copy, { look: 'second' }))
  const entriesBy = (prints: readonly PrintHit[], hits: readonly BankWindowHit[]) =>
    decideMatches(prints, [], NOBODY, { ...context, hits }).map(({ entry }) => entry)
  const plainHits = printHits.filter(({ row, queryPrint }) => row.variant === 'o0' && queryPrint === 'whole')
  const uprightHits = firstHits.filter(({ row }) => !row.isTilted)
  const found: Record<Method, string[]> = {
    plain: entriesBy(plainHits, []),
    whole: entriesBy(printHits, []),
    full: entriesBy(printHits, uprightHits),
    tilt: entriesBy(printHits, firstHits),
    secondLook: entriesBy(printHits, [...firstHits, ...furtherHits]),
  }
  const isFalse = (entry: string) => !shown.has(entry)
  const isIn = (method: Method) => found[method].includes(own)
  return {
    isFound: {
      plain: isIn('plain'),
      whole: isIn('whole'),
      full: isIn('full'),
      tilt: isIn('tilt'),
      secondLook: isIn('secondLook'),
    },
    falseEntries: [...new Set(METHODS.flatMap((method) => found[method]))].filter(isFalse),
    falseWholeEntries: found.whole.filter(isFalse),
    falsePossible: possible.filter(isFalse).length,
    hasSecondLook: possible.length > 0,
    windows: windows.length,
    queryMs,
  }
}
