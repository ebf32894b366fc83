import type { FileHandle } from 'node:fs/promises'
import type { LineFaultCode } from './errors.ts'
import type { BankRecord } from './record.ts'
import { windowRank } from './registered-windows.ts'
import { type BankScan, scanBank } from './scan-bank.ts'

/** What writing needs to know of an entry: its pictures' SHA-256 with the rank of their windows, or that it is withdrawn. */
export type EntryState = Map<string, number> | 'withdrawn'

export interface ReadForWriting {
  readonly scan: BankScan
  readonly entries: Map<string, EntryState>
  /** Pictures of withdrawn entries are still in the file, and every line of it can be read. */
  readonly isErasureDue: boolean
}

/** Reads a bank to write to it, in constant memory for each picture. Errors as `scanBank`. */
export async function readForWriting(file: FileHandle): Promise<ReadForWriting> {
  const entries = new Map<string, EntryState>()
  let hasWithdrawnPictures = false
  const scan = await scanBank(file, (record) => {
    if (record.op !== 'add' && entries.get(record.entry) instanceof Map) hasWithdrawnPictures = true
    return applyRecord(entries, record)
  })
  return { scan, entries, isErasureDue: hasWithdrawnPictures && scan.faults.length === 0 }
}

function applyRecord(entries: Map<string, EntryState>, record: BankRecord): LineFaultCode | null {
  const known = entries.get(record.entry)
  if (record.op !== 'add') entries.set(record.entry, 'withdrawn')
  else if (known === 'withdrawn') return 'OUT_OF_ORDER'
  else if (known) known.set(record.sha256, windowRank(record.windows))
  else entries.set(record.entry, new Map([[record.sha256, windowRank(record.windows)]]))
  return null
}
