import { crc32 } from 'node:zlib'
import * as z from 'zod/mini'
import type { LineFaultCode } from './errors.ts'
import { registeredWindows, rowBytesOf } from './registered-windows.ts'

// The file is JSON lines in ASCII, each ended by a line feed:
//   {"saksiBank":2,"createdAt":"2026-01-02T03:04:05.000Z","crc":"........"}
//   {"n":2,"op":"add","entry":"...","at":"...","sha256":"...",...,"prints":[..],"windows":{..},"crc":"........"}
//   {"n":3,"op":"withdraw","entry":"...","at":"...","crc":"........"}
//   {"n":2,"op":"erased","entry":"...","at":"...","crc":"........"}    in the place of a withdrawn entry's picture
// `n` counts up by one, so that a missing or repeated line shows. `crc` is the CRC-32 of the line's bytes before `,"crc"`,
// eight hexadecimal digits: against damage, not against somebody who edits the file.
// Version 1 had no windows and erased nothing: a program that knows only it would call such lines damaged.

export const BANK_VERSION = 2
/** Longer than any record: 600 prints of a picture take 65 kB, 500 windows 27 kB. */
export const MAX_LINE_BYTES = 256 * 1024
const MAX_PRINTS = 600

const CHECKSUM_FIELD = /^,"crc":"([0-9a-f]{8})"\}$/
const CHECKSUM_FIELD_BYTES = ',"crc":"01234567"}'.length
/** A whole record with something behind it: not what a killed writer leaves. */
const CHECKSUM_THEN_MORE = /,"crc":"[0-9a-f]{8}"\}./s

const entryId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/))
const time = z.iso.datetime()
const percent = z.int().check(z.gte(0), z.lte(100))
const side = z.int().check(z.gte(0))

const registeredPrint = z.strictObject({
  variant: z.string().check(z.regex(/^[a-z0-9.]{1,24}$/)),
  pdq: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  quality: percent,
})

export const registeredPicture = z.strictObject({
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  md5: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  width: side,
  height: side,
  quality: percent,
  usable: z.boolean(),
  prints: z.array(registeredPrint).check(z.maxLength(MAX_PRINTS)),
  windows: z.optional(registeredWindows),
})

const addRecord = z.strictObject({
  n: z.int(),
  op: z.literal('add'),
  entry: entryId,
  at: time,
  ...registeredPicture.shape,
})
const withdrawRecord = z.strictObject({ n: z.int(), op: z.literal('withdraw'), entry: entryId, at: time })
/** `at` is when the picture was registered. */
const erasedRecord = z.strictObject({ n: z.int(), op: z.literal('erased'), entry: entryId, at: time })
const record = z.discriminatedUnion('op', [addRecord, withdrawRecord, erasedRecord])
const header = z.strictObject({ saksiBank: z.literal([1, BANK_VERSION]), createdAt: time })

/** One print a picture is registered with: variant id, 64 lower-case hexadecimal digits, quality 0..100. */
export type RegisteredPrint = z.infer<typeof registeredPrint>
/**
 * What a bank keeps of a picture: digests, size in pixels (0 x 0 when it could not be decoded), quality of the whole
 * frame, prints (none when it is not usable), and windows unless they were not asked for. No name, no path, no pixels.
 */
export type RegisteredPicture = z.infer<typeof registeredPicture>
export type BankRecord = z.infer<typeof record>

export type Decoded<Value> = { ok: true; value: Value } | { ok: false; code: LineFaultCode }

export function isEntryId(id: string): boolean {
  return entryId.safeParse(id).success
}

/** `createdAt`: ISO 8601. */
export function encodeHeader(createdAt: string): Buffer {
  return encodeLine({ saksiBank: BANK_VERSION, createdAt })
}

export function encodeRecord(value: BankRecord): Buffer {
  return encodeLine(value)
}

function encodeLine(value: object): Buffer {
  const body = JSON.stringify(value).slice(0, -1)
  const checksum = crc32(body).toString(16).padStart(8, '0')
  return Buffer.from(`${body},"crc":"${checksum}"}\n`, 'latin1')
}

/** Reads a record from a line without its line feed. */
export function decodeRecord(line: Buffer): Decoded<BankRecord> {
  const body = decodeBody(line)
  if (!body.ok) return body
  const parsed = record.safeParse(body.value)
  const isWhole = parsed.success && (parsed.data.op !== 'add' || haveValidRows(parsed.data))
  return isWhole ? { ok: true, value: parsed.data } : { ok: false, code: 'NOT_A_RECORD' }
}

/** Whether the windows, if any, are ones that a bank may hold. */
export function haveValidRows(picture: RegisteredPicture): boolean {
  return picture.windows === undefined || rowBytesOf(picture.windows, picture) !== null
}

export type HeaderReading =
  | { kind: 'header'; version: number; createdAt: string }
  | { kind: 'too-new' }
  | { kind: 'not-a-bank' }
  | { kind: 'damaged'; code: LineFaultCode }

/** Reads the first line. A version beyond ours is told whatever else the line holds. */
export function decodeHeader(line: Buffer): HeaderReading {
  const version = /^\{"saksiBank":(\d{1,9})[,}]/.exec(line.toString('latin1', 0, 64))?.[1]
  if (version === undefined) return { kind: 'not-a-bank' }
  if (Number(version) > BANK_VERSION) return { kind: 'too-new' }
  const body = decodeBody(line)
  if (!body.ok) return { kind: 'damaged', code: body.code }
  const parsed = header.safeParse(body.value)
  return parsed.success
    ? { kind: 'header', version: parsed.data.saksiBank, createdAt: parsed.data.createdAt }
    : { kind: 'damaged', code: 'NOT_A_RECORD' }
}

/** Whether bytes behind the last line feed are what a writer leaves that was killed before it acknowledged. */
export function isTornLine(tail: Buffer): boolean {
  return !CHECKSUM_THEN_MORE.test(tail.toString('latin1'))
}

function decodeBody(line: Buffer): Decoded<unknown> {
  const end = line.length - CHECKSUM_FIELD_BYTES
  const written = end > 0 ? CHECKSUM_FIELD.exec(line.toString('latin1', end))?.[1] : undefined
  if (written === undefined || Number.parseInt(written, 16) !== crc32(line.subarray(0, end))) {
    return { ok: false, code: 'CHECKSUM' }
  }
  try {
    return { ok: true, value: JSON.parse(`${line.toString('latin1', 0, end)}}`) }
  } catch {
    return { ok: false, code: 'NOT_A_RECORD' }
  }
}
