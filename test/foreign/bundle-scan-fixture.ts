import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReportedMatch, ScanReport } from '#contract/scan-report.ts'

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Stands for a picture of a person: random-looking bytes in which nothing can be seen. */
export function syntheticPicture(name: string): Buffer {
  return Buffer.concat(
    Array.from({ length: 40 }, (_, i) => createHash('sha256').update(`${name} ${i}`).digest()),
  )
}

/** Somebody whose picture was posted, once, by an account of its own. */
export interface Posted {
  entry: string
  message: string
  account: string
  place: string
  picture: Buffer
  name: string
}

export function posted(i: number): Posted {
  return {
    entry: `S-${i}`,
    // So long that no digest has such a row of digits in it by chance.
    message: `41${String(i).padStart(12, '0')}`,
    account: `tg:user:88${String(i).padStart(12, '0')}`,
    place: 'tg:channel:990000000101',
    picture: syntheticPicture(`picture ${i}`),
    name: `photo_zz${i}zz.jpg`,
  }
}

/** A report folder as a scan writes it, over a capture in which pictures of `people` were found. */
export function writeScan(folder: string, people: readonly Posted[], withheld = 0): string {
  mkdirSync(folder, { recursive: true })
  const exportDigests = people.map(({ picture, name }) => `${sha256(picture)}  photos/${name}\n`).join('')
  const report: ScanReport = {
    saksiScanReport: 1,
    program: { name: 'saksi', version: '0.1.0' },
    startedAt: '2026-01-16T08:00:00.000Z',
    finishedAt: '2026-01-16T08:01:00.000Z',
    export: {
      name: 'synthetic',
      format: 'telegram-json',
      sha256: sha256(exportDigests),
      filesRead: people.length,
      bytesRead: 1000,
      statedZone: null,
      timeRange: null,
      places: [
        { id: 'tg:channel:990000000101', kind: 'channel', titles: ['Synthetic'], ids: ['990000000101'] },
      ],
    },
    bank: { sha256: sha256('bank'), entries: people.length, withdrawn: 0, prints: people.length * 8 },
    settings: { mode: 'exact', radius: 31, minimumQuality: 50 },
    counts: {
      messages: people.length,
      service: 0,
      unsupported: 0,
      edited: 0,
      forwarded: 0,
      attachments: { present: people.length },
      pictures: {
        compared: people.length,
        tooPlain: 0,
        unreadable: 0,
        partlyRead: 0,
        notInExport: 0,
        withheld,
      },
      entriesMatched: people.length,
      matches: people.length,
    },
    matches: people.map(matchOf),
    identifiers: [],
    identifiersNotListed: 0,
    unreadable: [],
    repairs: people.map((_, i) => ({
      code: 'TG_CTRL_ESCAPE',
      file: 'result.json',
      offset: messageStart(i) + 5,
      before: '5c78',
      after: `r${i}r`,
    })),
    repairCount: people.length,
    gaps: [],
    gapCount: 0,
    warnings: [],
    coverage: [],
  }
  const files: Record<string, string> = {
    'export-sha256.txt': exportDigests,
    'report.html': '<!doctype html>\n',
    'report.json': JSON.stringify(report),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const manifest = Object.entries(files).map(([name, text]) => `${sha256(text)}  ${name}\n`)
  writeFileSync(join(folder, 'manifest-sha256.txt'), manifest.join(''))
  return folder
}

/** A Telegram export of these posts: message `i` lies at byte `messageStart(i)`. */
export function exportOf(people: readonly Posted[]): string {
  const head = '{"name":"Synthetic","type":"public_channel","id":990000000101,"messages":['
  const messages = people.map((_, i) => rawMessage(i).padEnd(999, ' '))
  return `${head.padEnd(1000, ' ')}${messages.join(',')}]}`
}

export function messageStart(i: number): number {
  return 1000 + i * 1000
}

/** The name that account `i` shows. */
export function shownName(i: number): string {
  return `Rekaan${i}zz Contoh${i}zz`
}

/** The bytes of the i-th message in the export, 900 of them. It names whoever posted before, and a way to reach them. */
export function rawMessage(i: number): string {
  const { message, account, name } = posted(i)
  const before = Math.max(0, i - 1)
  const text = `see ${shownName(before)}, 012-000 ${String(before).padStart(4, '0')}, @rekaan_${before}zz or t.me/rekaan${before}zz`
  const unix = Math.floor(Date.UTC(2026, 0, 15, 10, 0, i % 60) / 1000)
  const fields = {
    id: Number(message),
    type: 'message',
    date: '2026-01-15T18:00:00',
    date_unixtime: String(unix),
    from: shownName(i),
    from_id: account.replace('tg:user:', 'user'),
    photo: `photos/${name}`,
    text,
    text_entities: [{ type: 'plain', text }],
  }
  return `${JSON.stringify(fields).slice(0, -1).padEnd(899, ' ')}}`
}

function matchOf({ entry, message, account, place, picture, name }: Posted, i: number): ReportedMatch {
  return {
    entry,
    rule: 'whole-frame',
    distance: 4,
    variant: 'o0',
    copy: { isSameFile: false, isMirrored: false, turnedDegrees: 0, hasBorder: false },
    messageId: message,
    sentAt: `2026-01-15T10:00:${String(i % 60).padStart(2, '0')}.000Z`,
    sentAtLocal: null,
    placeId: place,
    senderId: account,
    isForwarded: false,
    isNamedTwice: false,
    attachment: { kind: 'photo', state: 'present', path: `photos/${name}`, sha256: sha256(picture) },
    raw: {
      file: 'result.json',
      start: messageStart(i),
      end: messageStart(i) + 900,
      sha256: sha256(rawMessage(i)),
    },
    identifiers: [],
    identifiersLeftOut: 0,
  }
}
