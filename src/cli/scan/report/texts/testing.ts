import type { ReportedMatch, ScanReport } from '#contract/scan-report.ts'
import type { ReportTexts } from './report-texts.ts'

const DIGEST = '0'.repeat(64)
const KINDS = ['phone', 'mykad', 'handle', 'email', 'url', 'address', 'bank-card'] as const
const PLACE_KINDS = ['group', 'supergroup', 'channel', 'dm', 'page', 'thread', 'unknown', 'x1']
const UPRIGHT = { isSameFile: false, isMirrored: false, turnedDegrees: 0, hasBorder: false } as const

/** A small invented report in which every sentence, kind and way of copying occurs, and no word but those of `texts`. */
export function exampleReport(texts: ReportTexts): ScanReport {
  const matches = [
    match({ copy: { ...UPRIGHT, isSameFile: true }, distance: null }),
    match({ copy: { ...UPRIGHT, isMirrored: true, hasBorder: true }, isForwarded: true }),
    match({ copy: { ...UPRIGHT, turnedDegrees: 90 }, sentAt: null, sentAtLocal: '01/02/26 09:00' }),
    match({ sentAt: null, isNamedTwice: true }),
  ]
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
    bank: { sha256: DIGEST, entries: 1, withdrawn: 0, prints: 10 },
    settings: { mode: 'fast', radius: 31, minimumQuality: 50 },
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
    coverage: [...texts.coverage],
  }
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
