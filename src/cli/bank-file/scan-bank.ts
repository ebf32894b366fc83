import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { BankError, type LineFault, type LineFaultCode } from './errors.ts'
import { readLines } from './lines.ts'
import { type BankRecord, decodeHeader, decodeRecord, isTornLine, MAX_LINE_BYTES } from './record.ts'

// A file in which every line is damaged must not fill the memory with faults.
const MAX_FAULTS = 10_000

export interface BankScan {
  /** When the bank was made, ISO 8601; null when the first line is damaged. */
  createdAt: string | null
  /** 0 when the first line is damaged. */
  version: number
  faults: LineFault[]
  /** Number of the last good record. */
  lastNumber: number
  /** Where the next record goes. Bytes behind it are a torn line that was never acknowledged. */
  endOffset: number
  /** The last record is whole but for its line feed. */
  lacksLineFeed: boolean
  sizeBytes: number
  /** SHA-256 of the file as read. */
  sha256: string
}

/** What a record does to those before it; a code when it cannot be. */
export type RecordSink = (record: BankRecord) => LineFaultCode | null

/**
 * Reads a bank from end to end in constant memory and hands over its good records in order. Throws `BankError`
 * BANK_NOT_A_BANK, BANK_TOO_NEW; damaged lines are collected in `faults` and skipped.
 */
export async function scanBank(file: FileHandle, onRecord: RecordSink): Promise<BankScan> {
  const reading = new Reading(onRecord)
  const hash = createHash('sha256')
  const { tail, tailOffset, sizeBytes } = await readLines(file, MAX_LINE_BYTES, {
    onLine: (line) => reading.line(line),
    onBytes: (bytes) => hash.update(bytes),
  })
  if (reading.lines === 0) throw notABank()
  const hasWholeTail = tail !== null && tail.length > 0 && decodeRecord(tail).ok
  const isTorn = !hasWholeTail && tail !== null && isTornLine(tail)
  if (!isTorn) reading.line(tail)
  return {
    createdAt: reading.createdAt,
    version: reading.version,
    faults: reading.faults,
    lastNumber: reading.lastNumber,
    endOffset: isTorn ? tailOffset : sizeBytes,
    lacksLineFeed: !isTorn,
    sizeBytes,
    sha256: hash.digest('hex'),
  }
}

/** Follows the lines of one file. */
class Reading {
  lines = 0
  createdAt: string | null = null
  version = 0
  faults: LineFault[] = []
  lastNumber = 1
  #faultSinceLast = false
  readonly #onRecord: RecordSink

  constructor(onRecord: RecordSink) {
    this.#onRecord = onRecord
  }

  line(line: Buffer | null): void {
    this.lines++
    if (this.lines === 1) this.#header(line)
    else this.#record(line)
  }

  #header(line: Buffer | null): void {
    const reading = line === null ? { kind: 'not-a-bank' as const } : decodeHeader(line)
    if (reading.kind === 'not-a-bank') throw notABank()
    if (reading.kind === 'too-new') {
      throw new BankError(
        'BANK_TOO_NEW',
        'This bank was made by a newer version of Saksi. Nothing was changed. Use that version.',
      )
    }
    if (reading.kind === 'damaged') this.#fault(reading.code)
    else {
      this.createdAt = reading.createdAt
      this.version = reading.version
    }
  }

  #record(line: Buffer | null): void {
    const decoded = line === null ? { ok: false as const, code: 'TOO_LONG' as const } : decodeRecord(line)
    if (!decoded.ok) this.#fault(decoded.code)
    else if (decoded.value.n <= this.lastNumber) this.#fault('OUT_OF_ORDER')
    else this.#inOrder(decoded.value)
  }

  #inOrder(record: BankRecord): void {
    // A damaged line in between may be the missing ones, split or joined, and has been reported.
    if (record.n > this.lastNumber + 1 && !this.#faultSinceLast) this.#fault('LINES_MISSING')
    this.lastNumber = record.n
    this.#faultSinceLast = false
    const code = this.#onRecord(record)
    if (code !== null) this.#fault(code)
  }

  #fault(code: LineFaultCode): void {
    this.#faultSinceLast = true
    if (this.faults.length < MAX_FAULTS) this.faults.push({ line: this.lines, code })
  }
}

export function notABank(): BankError {
  return new BankError(
    'BANK_NOT_A_BANK',
    'This file is not a Saksi bank. Nothing was changed. Check the path of the bank file.',
  )
}
