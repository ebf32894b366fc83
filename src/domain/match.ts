import { type Lie, lieOf, variantOrder, WINDOW_LIES } from './lie.ts'
import { isCropped, isInsideLargerFrame, type PlaceInCopy, placeInCopy } from './place-in-copy.ts'
import type { QueryPrintName } from './prints.ts'
import { type Frame, voteWindows, type WindowHit, windowOutcome } from './vote.ts'

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

/** `windows`: parts of the picture were recognised, in places that agree with each other. */
export type MatchRule = 'exact-file' | 'whole-frame' | 'windows'

/** The rules that need no windows. */
export type PlainMatchRule = Exclude<MatchRule, 'windows'>

/** What kind of copy was found, so that nobody has to look. Nothing here depends on seeing either picture. */
export interface CopyKind extends Lie {
  /** Byte for byte the registered file. */
  readonly isSameFile: boolean
  /** Recognised after a uniform border was cut from the copy. */
  readonly hasBorder: boolean
  /** Parts of the registered picture are cut off. Known by the windows rule only. */
  readonly isCropped?: boolean
  /** The registered picture is a part of a larger one: a screenshot, a collage, a bar with text. By the windows rule only. */
  readonly isInsideLargerFrame?: boolean
}

/** A looked-up picture is a copy of a registered one. A lead for a person to decide, never a verdict. */
export interface Match<Rule extends MatchRule = PlainMatchRule> {
  readonly entry: string
  readonly rule: Rule
  /** Hamming distance of the best print hit, 0..31; null when only the file digest matched. */
  readonly distance: number | null
  /** The registered variant that hit best; null when only the file digest matched. */
  readonly variant: string | null
  readonly queryPrint: QueryPrintName | null
  readonly copy: CopyKind
  /** Independent windows that agree, 2..5; the windows rule only. */
  readonly votes?: number
  /** The windows rule only. */
  readonly where?: PlaceInCopy
  /** What `where` is a part of; the windows rule only. */
  readonly frame?: Frame
  /** Present where the windows rule has too few votes for a bank of this size: a person has to confirm it first. */
  readonly isOnlyLikely?: true
}

/** What the windows of a looked-up picture found. */
export interface WindowFindings {
  /** Of all looks taken. */
  readonly hits: Iterable<WindowHit>
  /** Window rows the picture was compared with: in large banks more votes are needed. */
  readonly bankRows: number
  /** Sides of the looked-up picture, in the pixels its windows are given in. */
  readonly frame: Frame
}

/** All that speaks for one entry. */
interface Evidence {
  readonly prints: PrintHit[]
  readonly digests: DigestHit[]
  readonly windows: WindowHit[]
}

interface WindowContext {
  readonly bankRows: number
  readonly frame: Frame
}

type Outcome = Omit<Match<MatchRule>, 'entry'>

/** A rule sees every hit of one entry at once and says whether they make a match. */
type Rule = (evidence: Evidence, context: WindowContext) => Outcome | null

// In order of strength: the first rule that holds names the match.
const RULES: readonly Rule[] = [exactFile, wholeFrame, windows]

const NO_WINDOWS: WindowFindings = { hits: [], bankRows: 0, frame: { width: 1, height: 1 } }

/**
 * Which entries a looked-up picture is a copy of, each once, strongest first: by rule, then votes, distance, entry id. Print
 * hits beyond the radius or with a quality below 50 on either side, window hits `voteWindows` refuses, and hits of
 * `withdrawn` entries count for nothing. One window alone is never a match. The order of the hits does not matter.
 */
export function decideMatches(
  printHits: Iterable<PrintHit>,
  digestHits: Iterable<DigestHit>,
  withdrawn: ReadonlySet<string>,
): Match[]
export function decideMatches(
  printHits: Iterable<PrintHit>,
  digestHits: Iterable<DigestHit>,
  withdrawn: ReadonlySet<string>,
  found: WindowFindings,
): Match<MatchRule>[]
export function decideMatches(
  printHits: Iterable<PrintHit>,
  digestHits: Iterable<DigestHit>,
  withdrawn: ReadonlySet<string>,
  found: WindowFindings = NO_WINDOWS,
): Match<MatchRule>[] {
  const byEntry = new Map<string, Evidence>()
  const evidenceFor = (entry: string): Evidence => {
    const known = byEntry.get(entry)
    if (known) return known
    const evidence: Evidence = { prints: [], digests: [], windows: [] }
    byEntry.set(entry, evidence)
    return evidence
  }
  for (const hit of printHits) if (counts(hit)) evidenceFor(hit.row.entry).prints.push(hit)
  for (const hit of digestHits) evidenceFor(hit.entry).digests.push(hit)
  for (const hit of found.hits) evidenceFor(hit.row.entry).windows.push(hit)

  const matches: Match<MatchRule>[] = []
  for (const [entry, evidence] of byEntry) {
    if (withdrawn.has(entry)) continue
    const outcome = firstOutcome(evidence, found)
    if (outcome) matches.push({ entry, ...outcome })
  }
  return matches.sort(strongestFirst)
}

/** Matches of one picture that were decided apart, such as of the frames of an animation: each entry once, by its strongest. */
export function mergeMatches(lists: Iterable<readonly Match<MatchRule>[]>): Match<MatchRule>[] {
  const strongest = new Map<string, Match<MatchRule>>()
  for (const match of [...lists].flat()) {
    const known = strongest.get(match.entry)
    if (!known || strongestFirst(match, known) < 0) strongest.set(match.entry, match)
  }
  return [...strongest.values()].sort(strongestFirst)
}

/**
 * The entries for which one window speaks clearly but none agrees with it, by id: not matches, and shown to nobody. They ask
 * for a second, finer look at the picture, whose hits then join those of the first.
 */
export function entriesToLookAtAgain(
  { hits, bankRows }: Omit<WindowFindings, 'frame'>,
  withdrawn: ReadonlySet<string>,
): string[] {
  const byEntry = new Map<string, WindowHit[]>()
  for (const hit of hits) {
    const known = byEntry.get(hit.row.entry)
    if (known) known.push(hit)
    else byEntry.set(hit.row.entry, [hit])
  }
  return [...byEntry]
    .filter(
      ([entry, own]) => !withdrawn.has(entry) && windowOutcome(voteWindows(own), bankRows) === 'possible',
    )
    .map(([entry]) => entry)
    .sort(compareText)
}

function counts({ distance, row, queryQuality }: PrintHit): boolean {
  return distance <= MATCH_RADIUS && row.quality >= MATCH_MIN_QUALITY && queryQuality >= MATCH_MIN_QUALITY
}

function firstOutcome(evidence: Evidence, context: WindowContext): Outcome | null {
  for (const rule of RULES) {
    const outcome = rule(evidence, context)
    if (outcome) return outcome
  }
  return null
}

function exactFile({ digests, prints }: Evidence): Outcome | null {
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

function wholeFrame({ prints }: Evidence): Outcome | null {
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

function windows(evidence: Evidence, { bankRows, frame }: WindowContext): Outcome | null {
  const vote = voteWindows(evidence.windows)
  const outcome = windowOutcome(vote, bankRows)
  if (!vote || (outcome !== 'match' && outcome !== 'likely')) return null
  const where = placeInCopy(vote.where, frame)
  return {
    rule: 'windows',
    distance: vote.bestDistance,
    variant: null,
    queryPrint: null,
    copy: {
      isSameFile: false,
      ...WINDOW_LIES[vote.orientation],
      hasBorder: false,
      isCropped: isCropped(where),
      isInsideLargerFrame: isInsideLargerFrame(where),
    },
    votes: vote.votes,
    where,
    frame,
    ...(outcome === 'likely' && { isOnlyLikely: true }),
  }
}

/** The nearest hit; of equally near ones the plainest explanation: whole frame, then the first variant, then quality. */
function bestHit(prints: readonly PrintHit[]): PrintHit | undefined {
  let best: PrintHit | undefined
  for (const hit of prints) if (!best || compareHits(hit, best) < 0) best = hit
  return best
}

const QUERY_PRINT_ORDER: Readonly<Record<QueryPrintName, number>> = {
  whole: 0,
  'on-white': 1,
  'on-black': 2,
  trimmed: 3,
}

function compareHits(a: PrintHit, b: PrintHit): number {
  return (
    a.distance - b.distance ||
    QUERY_PRINT_ORDER[a.queryPrint] - QUERY_PRINT_ORDER[b.queryPrint] ||
    variantOrder(a.row.variant) - variantOrder(b.row.variant) ||
    compareText(a.row.variant, b.row.variant) ||
    b.row.quality - a.row.quality
  )
}

const RULE_ORDER: Readonly<Record<MatchRule, number>> = { 'exact-file': 0, 'whole-frame': 1, windows: 2 }

function strongestFirst(a: Match<MatchRule>, b: Match<MatchRule>): number {
  return (
    RULE_ORDER[a.rule] - RULE_ORDER[b.rule] ||
    Number(a.isOnlyLikely ?? false) - Number(b.isOnlyLikely ?? false) ||
    (b.votes ?? 0) - (a.votes ?? 0) ||
    (a.distance ?? 0) - (b.distance ?? 0) ||
    compareText(a.entry, b.entry)
  )
}

/** By UTF-16 units: the same everywhere, unlike the order of a language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
