import * as z from 'zod/mini'

/**
 * `report.json`, the machine-readable record of one scan. Version 1. Times are ISO 8601 in UTC. Nothing in it shows or
 * rebuilds a picture: no image bytes, no fingerprints. Identifiers are masked; what they were stands in the export, at the
 * message ids given.
 */

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const count = z.number().check(z.int(), z.nonnegative())
const time = z.nullable(z.string())

/** `windows`: parts of the picture were recognised, in places that agree with each other. */
export const MATCH_RULES = ['exact-file', 'whole-frame', 'windows'] as const
export const ATTACHMENT_STATES = [
  'present',
  'not-included',
  'too-large',
  'unavailable',
  'missing',
  'refused',
  'withheld',
] as const

const reportedIdentifier = z.strictObject({
  kind: z.enum(['phone', 'mykad', 'handle', 'email', 'url', 'address', 'bank-card']),
  masked: z.string(),
  confidence: z.enum(['sure', 'likely', 'possible', 'obfuscated']),
  messageId: z.nullable(z.string()),
  /** Messages between this one and the matched one: 0 is the matched message itself. */
  messagesApart: z.number(),
})

export const reportedMatch = z.strictObject({
  entry: z.string(),
  rule: z.enum(MATCH_RULES),
  /** Hamming distance of the best hit, 0..31; null when only the file digest matched. */
  distance: z.nullable(z.number()),
  /** Registered variant that hit: `o0`..`o7`, `w`, `k`; null when only the file digest matched. */
  variant: z.nullable(z.string()),
  copy: z.strictObject({
    isSameFile: z.boolean(),
    isMirrored: z.boolean(),
    /** Quarter turns as seen by a person. */
    turnedDegrees: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
    hasBorder: z.boolean(),
    /** Parts of the registered picture are cut off; the rule `windows` only. */
    isCropped: z.optional(z.boolean()),
    /** The registered picture is a part of a larger one, such as a screenshot; the rule `windows` only. */
    isInsideLargerFrame: z.optional(z.boolean()),
  }),
  /** Independent parts that agree; counting stops at 5. The rule `windows` only. */
  votes: z.optional(z.int().check(z.gte(2), z.lte(5))),
  /**
   * Where the registered picture lies in the copy, in fractions of the copy's sides; outside 0..1 where it is cut off. The
   * rule `windows` only; `copy` says how it is turned.
   */
  where: z.optional(
    z.strictObject({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }),
  ),
  /** Sides of the frame `where` refers to, in pixels; only their proportion means anything. The rule `windows` only. */
  frame: z.optional(
    z.strictObject({ width: z.number().check(z.positive()), height: z.number().check(z.positive()) }),
  ),
  /** Too few parts agree for a bank of this size: a person has to confirm it before anything is done. */
  isOnlyLikely: z.optional(z.literal(true)),
  messageId: z.nullable(z.string()),
  sentAt: time,
  /** As the export writes it, where UTC is not known. */
  sentAtLocal: z.nullable(z.string()),
  placeId: z.string(),
  senderId: z.nullable(z.string()),
  isForwarded: z.boolean(),
  /** Several messages name this file, so it is not certain which of them posted it. */
  isNamedTwice: z.boolean(),
  attachment: z.strictObject({
    kind: z.string(),
    state: z.enum(ATTACHMENT_STATES),
    path: z.string(),
    sha256: sha256,
  }),
  /** Cuts the message out of the export: `tail -c +$((start + 1)) FILE | head -c $((end - start)) | sha256sum`. */
  raw: z.strictObject({ file: z.string(), start: count, end: count, sha256: z.nullable(sha256) }),
  identifiers: z.array(reportedIdentifier),
  /** Further identifiers around it that are not listed here. */
  identifiersLeftOut: count,
})

export const scanReport = z.strictObject({
  saksiScanReport: z.literal(1),
  program: z.strictObject({ name: z.literal('saksi'), version: z.string() }),
  startedAt: z.string(),
  finishedAt: z.string(),
  export: z.strictObject({
    name: z.string(),
    format: z.enum(['telegram-json', 'telegram-html', 'whatsapp-text', 'pictures']),
    /** SHA-256 of `export-sha256.txt`, which lists every file that was read. */
    sha256: sha256,
    filesRead: count,
    bytesRead: count,
    statedZone: z.nullable(z.string()),
    timeRange: z.nullable(z.strictObject({ first: z.string(), last: z.string() })),
    places: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.string(),
        titles: z.array(z.string()),
        ids: z.array(z.string()),
      }),
    ),
  }),
  bank: z.strictObject({
    sha256: sha256,
    entries: count,
    withdrawn: count,
    prints: count,
    /** Registered windows of those entries: without any, crops and screenshots are not found. */
    windowRows: z.optional(count),
    /** Registered pictures of those entries, by what is recognised of each. */
    coverage: z.optional(
      z.strictObject({
        /** Most copies, crops and screenshots among them. */
        most: count,
        /** Full copies and many crops. */
        many: count,
        /** Windows were made, but the picture has too few details for more than near-identical copies. */
        nearIdentical: count,
        /** Registered without windows. */
        wholeOnly: count,
        /** Without any usable print: the same file only. */
        fileOnly: count,
      }),
    ),
  }),
  settings: z.strictObject({
    mode: z.enum(['exact', 'fast']),
    radius: count,
    minimumQuality: count,
    /** Windows were left out for speed. */
    isWholeOnly: z.optional(z.boolean()),
  }),
  counts: z.strictObject({
    messages: count,
    service: count,
    unsupported: count,
    edited: count,
    forwarded: count,
    attachments: z.record(z.string(), count),
    pictures: z.strictObject({
      compared: count,
      /** Compared by file digest only: too small, flat or poor in detail. */
      tooPlain: count,
      unreadable: count,
      /** Damaged; compared by what could be read of them, so a copy may have been missed. */
      partlyRead: count,
      /** Named in the export but not in it, so nothing is known about them. */
      notInExport: count,
      withheld: count,
      /** Looked up by their windows too. */
      windowsCompared: z.optional(count),
      /** Of these, looked at a second time in finer steps. */
      secondLooks: z.optional(count),
    }),
    entriesMatched: count,
    matches: count,
  }),
  matches: z.array(reportedMatch),
  /** Distinct identifiers in the whole export, most frequent first. */
  identifiers: z.array(
    z.strictObject({
      kind: reportedIdentifier.shape.kind,
      masked: z.string(),
      confidence: reportedIdentifier.shape.confidence,
      count: count,
      messageIds: z.array(z.string()),
    }),
  ),
  identifiersNotListed: count,
  unreadable: z.array(
    z.strictObject({ path: z.string(), messageId: z.nullable(z.string()), code: z.string() }),
  ),
  repairs: z.array(
    z.strictObject({
      code: z.string(),
      file: z.string(),
      offset: count,
      before: z.string(),
      after: z.string(),
    }),
  ),
  repairCount: count,
  gaps: z.array(
    z.strictObject({ kind: z.string(), file: z.string(), start: count, end: count, detail: z.string() }),
  ),
  gapCount: count,
  warnings: z.array(z.strictObject({ code: z.string(), count: count, firstAt: z.string() })),
  /** What this scan can and cannot find, in words, as printed in the report. */
  coverage: z.array(z.string()),
  /** That this scan was entered in a custody log; left out when it was not. */
  log: z.optional(
    z.strictObject({
      origin: z.string(),
      /** Id of the record: `saksi log prove` gives its proof. */
      record: z.string(),
      collection: z.string(),
      /** Base64; what stands in the log, and says nothing without the opening that the log's keeper holds. */
      commitment: z.string(),
      /** By when the log has promised to show it, ISO 8601. */
      mergeBy: z.string(),
      /** The signed promise, as a C2SP signed note. */
      receipt: z.string(),
    }),
  ),
})

export type ScanReport = z.infer<typeof scanReport>
export type ReportedMatch = z.infer<typeof reportedMatch>
export type ReportedIdentifier = z.infer<typeof reportedIdentifier>
