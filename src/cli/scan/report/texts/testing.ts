import type { ReportedMatch, ScanReport } from '#contract/scan-report.ts'
import { coverageLines } from '../coverage-lines.ts'
import type { ReportTexts } from './report-texts.ts'

const DIGEST = '0'.repeat(64)
const KINDS = ['phone', 'mykad', 'handle', 'email', 'url', 'address', 'bank-card'] as const
const PLACE_KINDS = ['group', 'supergroup', 'channel', 'dm', 'page', 'thread', 'unknown', 'x1']
/** One picture of every class. */
const COVERAGE = { most: 12, many: 3, nearIdentical: 1, wholeOnly: 2, fileOnly: 1 }
const UPRIGHT = { isSameFile: false, isMirrored: false, turnedDegrees: 0, hasBorder: false } as const

/** A small invented report in which every sentence, kind and way of copying occurs, and no word but those of `texts`. */
export function exampleReport(texts: ReportTexts): ScanReport {
  const matches = [
    match({ rule: 'exact-file', copy: { ...UPRIGHT, isSameFile: true }, distance: null }),
    match({ copy: { ...UPRIGHT, isMirrored: true, hasBorder: true }, isForwarded: true }),
    match({ copy: { ...UPRIGHT, turnedDegrees: 90 }, sentAt: null, sentAtLocal: '01/02/26 09:00' }),
    match({ sentAt: null, isNamedTwice: true }),
    byWindows(4, { isInsideLargerFrame: true }, { left: 0.05, top: 0.3, width: 0.9, height: 0.35 }),
    byWindows(5, { isCropped: true }, { left: -0.4, top: -0.2, width: 1.4, height: 1.4 }),
    byWindows(3, {}, { left: 0.01, top: -0.01, width: 1, height: 1 }),
    {
      ...byWindows(
        2,
        { isCropped: true, isInsideLargerFrame: true, isMirrored: true, turnedDegrees: 270 },
        { left: 0.45, top: 0.5, width: 0.5, height: 0.7 },
      ),
      isOnlyLikely: true as const,
    },
  ]
  const bank = { sha256: DIGEST, entries: 1, withdrawn: 0, prints: 10, windowRows: 1000 }
  return {
    saksiScanReport: 1,
    program: { name: 'saksi', version: '0.0.0' },
    startedAt: '2026-02-01T01:00:00.000Z',
    finishedAt: '2026-02-01T01:00:01.000Z',
    export: {
      name: 'K-17',
      format: 'telegram-json',
      sha256: DIGEST,
      filesRead: 1000,
      bytesRead: 1000,
      statedZone: null,
      timeRange: null,
      places: PLACE_KINDS.map((kind, i) => ({ id: `tg:${i}`, kind, titles: [`K${i}`], ids: [] })),
    },
    bank,
    settings: { mode: 'fast', radius: 31, minimumQuality: 50, isWholeOnly: false },
    counts: {
      messages: 1000,
      service: 0,
      unsupported: 0,
      edited: 0,
      forwarded: 1,
      attachments: {},
      pictures: { compared: 2000, tooPlain: 1, unreadable: 2, partlyRead: 1, notInExport: 3, withheld: 4 },
      entriesMatched: 1,
      matches: matches.length,
    },
    matches,
    identifiers: KINDS.map((kind) => ({
      kind,
      masked: '••27',
      confidence: 'sure',
      count: 1200,
      messageIds: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    })),
    identifiersNotListed: 5,
    unreadable: [],
    repairs: [],
    repairCount: 1,
    gaps: [],
    gapCount: 1,
    warnings: [{ code: 'SLOW_TEXT', count: 1, firstAt: '' }],
    coverage: coverageLines({ bank: { ...bank, coverage: COVERAGE }, settings: {} }, texts),
  }
}

function byWindows(
  votes: number,
  copy: Partial<ReportedMatch['copy']>,
  where: NonNullable<ReportedMatch['where']>,
): ReportedMatch {
  const known = { isCropped: false, isInsideLargerFrame: false }
  return match({ rule: 'windows', variant: null, votes, copy: { ...UPRIGHT, ...known, ...copy }, where })
}

function match(facts: Partial<ReportedMatch>): ReportedMatch {
  return {
    entry: 'S-001',
    rule: 'whole-frame',
    distance: 4,
    variant: 'o0',
    copy: UPRIGHT,
    messageId: '117',
    sentAt: '2026-01-31T09:00:00.000Z',
    sentAtLocal: null,
    placeId: 'tg:1',
    senderId: 'tg:2',
    isForwarded: false,
    isNamedTwice: false,
    identifiersLeftOut: 0,
    attachment: { kind: 'photo', state: 'present', path: '1.jpg', sha256: DIGEST },
    raw: { file: 'result.json', start: 0, end: 10, sha256: DIGEST },
    identifiers: [
      { kind: 'phone', masked: '+60 12-••• ••27', confidence: 'sure', messageId: '117', messagesApart: 0 },
    ],
    ...facts,
  }
}
