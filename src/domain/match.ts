import type { QueryPrintName } from './prints.ts'

/** Prints of two pictures match up to this Hamming distance, inclusive (PDQ's own threshold). */
export const MATCH_RADIUS = 31
/** Below this a print says too little about its picture: such pictures match by file digest only. */
export const MATCH_MIN_QUALITY = 50

/** One registered print. `variant`: `o0`..`o7` orientations, `w`, `k` on white and black, `c...` crops. */
export interface Row {
  readonly entry: string
  readonly variant: string
  readonly quality: number
}

/** A registered print near a print of the looked-up picture. */
export interface PrintHit {
  readonly row: Row
  readonly distance: number
  readonly queryPrint: QueryPrintName
  readonly queryQuality: number
}

/** A registered file with the same digest as the looked-up file. */
export interface DigestHit {
  readonly entry: string
  readonly algorithm: 'sha256' | 'md5'
}

export type MatchRule = 'exact-file' | 'whole-frame'

/** What kind of copy was found, so that nobody has to look. Nothing here depends on seeing either picture. */
export interface CopyKind {
  /** Byte for byte the registered file. */
  readonly isSameFile: boolean
  /** Left and right exchanged, before turning. */
  readonly isMirrored: boolean
  /** Quarter turns clockwise that lead from the registered picture (mirrored first, if so) to the copy. */
  readonly turnedDegrees: 0 | 90 | 180 | 270
  /** Recognised after a uniform border was cut from the copy. */
  readonly hasBorder: boolean
}

/** A looked-up picture is a copy of a registered one. A lead for a person to decide, never a verdict. */
export interface Match {
  readonly entry: string
  readonly rule: MatchRule
  /** Hamming distance of the best print hit, 0..31; null when only the file digest matched. */
  readonly distance: number | null
  /** The registered variant that hit best; null when only the file digest matched. */
  readonly variant: string | null
  readonly queryPrint: QueryPrintName | null
  readonly copy: CopyKind
}

/** All that speaks for one entry. Another kind of hit (windows) is another field here and another rule below. */
interface Evidence {
  readonly prints: PrintHit[]
  readonly digests: DigestHit[]
}

/** A rule sees every hit of one entry at once and says whether they make a match. */
type Rule = (evidence: Evidence) => Omit<Match, 'entry'> | null

// In order of strength: the first rule that holds names the match.
const RULES: readonly Rule[] = [exactFile, wholeFrame]

/**
 * Which entries a looked-up picture is a copy of, each once, strongest first: by rule, then distance, then entry id. Hits
 * beyond the radius, with a quality below 50 on either side, or of `withdrawn` entries count for nothing. The order of
 * the hits does not matter.
 */
export function decideMatches(
  printHits: Iterable<PrintHit>,
  digestHits: Iterable<DigestHit>,
  withdrawn: ReadonlySet<string>,
): Match[] {
  const byEntry = new Map<string, Evidence>()
  const evidenceFor = (entry: string): Evidence => {
    const known = byEntry.get(entry)
    if (known) return known
    const evidence: Evidence = { prints: [], digests: [] }
    byEntry.set(entry, evidence)
    return evidence
  }
  for (const hit of printHits) if (counts(hit)) evidenceFor(hit.row.entry).prints.push(hit)
  for (const hit of digestHits) evidenceFor(hit.entry).digests.push(hit)

  const matches: Match[] = []
  for (const [entry, evidence] of byEntry) {
    if (withdrawn.has(entry)) continue
    const outcome = firstOutcome(evidence)
    if (outcome) matches.push({ entry, ...outcome })
  }
  return matches.sort(strongestFirst)
}

function counts({ distance, row, queryQuality }: PrintHit): boolean {
  return distance <= MATCH_RADIUS && row.quality >= MATCH_MIN_QUALITY && queryQuality >= MATCH_MIN_QUALITY
}

function firstOutcome(evidence: Evidence): Omit<Match, 'entry'> | null {
  for (const rule of RULES) {
    const outcome = rule(evidence)
    if (outcome) return outcome
  }
  return null
}

function exactFile({ digests, prints }: Evidence): Omit<Match, 'entry'> | null {
  if (digests.length === 0) return null
  const best = bestHit(prints)
  return {
    rule: 'exact-file',
    distance: best?.distance ?? null,
    variant: best?.row.variant ?? null,
    queryPrint: best?.queryPrint ?? null,
    copy: { isSameFile: true, isMirrored: false, turnedDegrees: 0, hasBorder: false },
  }
}

function wholeFrame({ prints }: Evidence): Omit<Match, 'entry'> | null {
  const best = bestHit(prints)
  if (!best) return null
  return {
    rule: 'whole-frame',
    distance: best.distance,
    variant: best.row.variant,
    queryPrint: best.queryPrint,
    copy: { isSameFile: false, ...lieOf(best.row.variant), hasBorder: best.queryPrint === 'trimmed' },
  }
}

/** The nearest hit; of equally near ones the plainest explanation: whole frame, then the first variant, then quality. */
function bestHit(prints: readonly PrintHit[]): PrintHit | undefined {
  let best: PrintHit | undefined
  for (const hit of prints) if (!best || compareHits(hit, best) < 0) best = hit
  return best
}

const QUERY_PRINT_ORDER: Readonly<Record<QueryPrintName, number>> = { whole: 0, 'on-white': 1, trimmed: 2 }

function compareHits(a: PrintHit, b: PrintHit): number {
  return (
    a.distance - b.distance ||
    QUERY_PRINT_ORDER[a.queryPrint] - QUERY_PRINT_ORDER[b.queryPrint] ||
    variantOrder(a.row.variant) - variantOrder(b.row.variant) ||
    compareText(a.row.variant, b.row.variant) ||
    b.row.quality - a.row.quality
  )
}

type Lie = Pick<CopyKind, 'isMirrored' | 'turnedDegrees'>

const UPRIGHT: Lie = { isMirrored: false, turnedDegrees: 0 }

// Orientation variants in the order of the PDQ reference: original; turned 90, 180, 270 degrees counter-clockwise; top
// and bottom exchanged; left and right exchanged; transposed along the main and along the other diagonal.
const LIES: ReadonlyMap<string, Lie> = new Map([
  ['o0', UPRIGHT],
  ['o1', { isMirrored: false, turnedDegrees: 270 }],
  ['o2', { isMirrored: false, turnedDegrees: 180 }],
  ['o3', { isMirrored: false, turnedDegrees: 90 }],
  ['o4', { isMirrored: true, turnedDegrees: 180 }],
  ['o5', { isMirrored: true, turnedDegrees: 0 }],
  ['o6', { isMirrored: true, turnedDegrees: 270 }],
  ['o7', { isMirrored: true, turnedDegrees: 90 }],
])

/** How a copy lies that matches a variant. All variants but the orientations are upright. */
function lieOf(variant: string): Lie {
  return LIES.get(variant) ?? UPRIGHT
}

/** Upright variants before turned ones, so that a symmetric picture is not called mirrored. */
function variantOrder(variant: string): number {
  const { isMirrored, turnedDegrees } = lieOf(variant)
  return (isMirrored ? 4 : 0) + turnedDegrees / 90
}

const RULE_ORDER: Readonly<Record<MatchRule, number>> = { 'exact-file': 0, 'whole-frame': 1 }

function strongestFirst(a: Match, b: Match): number {
  return (
    RULE_ORDER[a.rule] - RULE_ORDER[b.rule] ||
    (a.distance ?? 0) - (b.distance ?? 0) ||
    compareText(a.entry, b.entry)
  )
}

/** By UTF-16 units: the same everywhere, unlike the order of a language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
