import type { Position, Share, Side } from '../copy-place.ts'

/** The words for how a copy was recognised and what has become of the picture in it. Parts of sentences without a full stop, unless they say otherwise. */
export interface CopyTexts {
  identicalFile: string
  wholePicture: string
  /** By some parts, of which nobody says how many. */
  byParts: string
  byPlaces(votes: number): string
  /** Counting stops there. */
  byPlacesOrMore(votes: number): string
  /** One word, beside its mark. */
  likely: string
  likelyExplained: string
  likelyAmong(count: number): string
  cropped: string
  insideLarger: string
  /** All of the picture is there, though not as it was. */
  covered: string
  /** `sides` are at least one, `remaining` is a share of the registered picture. */
  cutOff(sides: readonly Side[], remaining: Share): string
  /** There, and nobody knows where else. */
  cutOffAtLeast(sides: readonly Side[]): string
  /** `share` is that of the posted picture. */
  lies(position: Position, share: Share): string
  drawing: string
  notToScale: string
  /** How to read the drawings: whole sentences. */
  legend: string
}

/** What a scan finds and misses: whole sentences. The counts are of registered pictures. */
export interface CoverageTexts {
  foundWhole: string
  missedWhole: string
  /** Why: the person asked for it. */
  partsLeftOut: string
  /** Why: the bank has none. */
  bankWithoutParts: string
  foundParts: string
  most(count: number): string
  many(count: number): string
  nearIdentical(count: number): string
  wholeOnly(count: number): string
  fileOnly(count: number): string
  /** In place of the five above, when nobody counted. */
  notCounted: string
  missedParts: string
  anotherPhoto: string
  videos: string
}
