import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ReportedMatch, ScanReport } from '#contract/scan-report.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const PLACE = 'tg:channel:990000000101'

/** A report folder as a scan writes it, in which every file was recognised. */
export function writeReport(folder: string, files: readonly { path: string; sha256: string }[]): void {
  mkdirSync(folder)
  const exportDigests = files.map((file) => `${file.sha256}  photos/${basename(file.path)}\n`).join('')
  const report: ScanReport = {
    saksiScanReport: 1,
    program: { name: 'saksi', version: '0.1.0' },
    startedAt: '2026-01-16T08:00:00.000Z',
    finishedAt: '2026-01-16T08:01:00.000Z',
    export: {
      name: 'synthetic',
      format: 'telegram-json',
      sha256: sha256(exportDigests),
      filesRead: files.length,
      bytesRead: files.length * 1000,
      statedZone: null,
      timeRange: null,
      places: [{ id: PLACE, kind: 'channel', titles: ['Synthetic'], ids: ['990000000101'] }],
    },
    bank: { sha256: sha256('bank'), entries: 1, withdrawn: 0, prints: 8 },
    settings: { mode: 'exact', radius: 31, minimumQuality: 50 },
    counts: countsOf(files.length),
    matches: files.map((file, i) => matchOf(i, file)),
    identifiers: [],
    identifiersNotListed: 0,
    unreadable: [],
    repairs: [],
    repairCount: 0,
    gaps: [],
    gapCount: 0,
    warnings: [],
    coverage: [],
  }
  const contents = {
    'export-sha256.txt': exportDigests,
    'report.html': '<!doctype html>\n',
    'report.json': JSON.stringify(report),
  }
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text)
  const manifest = Object.entries(contents).map(([name, text]) => `${sha256(text)}  ${name}\n`)
  writeFileSync(join(folder, 'manifest-sha256.txt'), manifest.join(''))
}

function countsOf(files: number): ScanReport['counts'] {
  return {
    messages: files,
    service: 0,
    unsupported: 0,
    edited: 0,
    forwarded: 0,
    attachments: { present: files },
    pictures: { compared: files, tooPlain: 0, unreadable: 0, partlyRead: 0, notInExport: 0, withheld: 0 },
    entriesMatched: 1,
    matches: files,
  }
}

function matchOf(i: number, file: { path: string; sha256: string }): ReportedMatch {
  return {
    entry: 'S-1',
    rule: 'whole-frame',
    distance: 4,
    variant: 'o0',
    copy: { isSameFile: false, isMirrored: false, turnedDegrees: 0, hasBorder: false },
    messageId: String(410_000 + i),
    sentAt: '2026-01-15T10:00:00.000Z',
    sentAtLocal: null,
    placeId: PLACE,
    senderId: `tg:user:${990_000_000 + (i % 50)}`,
    isForwarded: false,
    isNamedTwice: false,
    attachment: {
      kind: 'photo',
      state: 'present',
      path: `photos/${basename(file.path)}`,
      sha256: file.sha256,
    },
    raw: { file: 'result.json', start: i * 1000, end: i * 1000 + 900, sha256: sha256(`message ${i}`) },
    identifiers: [],
    identifiersLeftOut: 0,
  }
}
