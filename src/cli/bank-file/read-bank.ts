import { type FileHandle, open, stat } from 'node:fs/promises'
import { isMissing } from '#node/is-missing.ts'
import { BankError, damaged, type LineFault, type LineFaultCode } from './errors.ts'
import type { BankRecord, RegisteredPicture } from './record.ts'
import { notABank, scanBank } from './scan-bank.ts'

/** One registration. Of a withdrawn one only the dates are left: its pictures are not even loaded. */
export interface BankEntry {
  readonly id: string
  readonly state: 'active' | 'withdrawn'
  readonly pictures: readonly RegisteredPicture[]
  /** ISO 8601, of the first picture; of the withdrawal when nothing before it could be read. */
  readonly addedAt: string
  readonly withdrawnAt?: string
}

export interface BankContents {
  /** ISO 8601; null when the first line is damaged. */
  readonly createdAt: string | null
  /** In order of registration. */
  readonly entries: readonly BankEntry[]
  /** Lines left out; empty unless damage was allowed. */
  readonly faults: readonly LineFault[]
  /** SHA-256 of the file as read. */
  readonly sha256: string
}

export interface ReadOptions {
  /**
   * Read on over damaged lines, listed in `faults`. A lost line may be a withdrawal, so what this returns must not be
   * matched against without asking.
   */
  readonly allowDamaged?: boolean
}

/**
 * Reads a bank file, streaming; a writer may be at work meanwhile. A torn last line, left by a killed writer and never
 * acknowledged, is left out. Throws `BankError`: BANK_NOT_FOUND, BANK_UNREADABLE, BANK_NOT_A_BANK, BANK_TOO_NEW,
 * BANK_DAMAGED (with the lines).
 */
export async function readBank(path: string, options: ReadOptions = {}): Promise<BankContents> {
  const file = await openBankFile(path, 'r')
  try {
    const entries = new EntryList()
    const scan = await scanBank(file, (record) => entries.apply(record))
    if (scan.faults.length > 0 && options.allowDamaged !== true) throw damaged(scan.faults)
    return {
      createdAt: scan.createdAt,
      entries: entries.all(),
      faults: scan.faults,
      sha256: scan.sha256,
    }
  } catch (error) {
    throw error instanceof BankError ? error : unreadable(error)
  } finally {
    await file.close()
  }
}

/** Opens an existing bank file. Throws `BankError` BANK_NOT_FOUND, BANK_NOT_A_BANK, BANK_UNREADABLE. */
export async function openBankFile(path: string, flags: 'r' | 'r+'): Promise<FileHandle> {
  try {
    // Asked before opening: opening a pipe would wait for a writer without end.
    if (!(await stat(path)).isFile()) throw notABank()
    return await open(path, flags)
  } catch (error) {
    if (error instanceof BankError) throw error
    if (!isMissing(error)) throw unreadable(error)
    throw new BankError(
      'BANK_NOT_FOUND',
      'There is no bank file at this path. Register a picture first, or check the path.',
      {
        cause: error,
      },
    )
  }
}

function unreadable(cause: unknown): BankError {
  return new BankError('BANK_UNREADABLE', 'The bank file cannot be read. Nothing was changed.', { cause })
}

/** An entry while it is read: its pictures by SHA-256. */
interface EntryDraft extends Omit<BankEntry, 'pictures'> {
  readonly pictures: Map<string, RegisteredPicture>
}

/** The entries as the records make them, one after the other. */
class EntryList {
  readonly #entries = new Map<string, EntryDraft>()

  apply(record: BankRecord): LineFaultCode | null {
    const known = this.#entries.get(record.entry)
    if (record.op !== 'add') {
      const { entry: id, at, op } = record
      const withdrawnAt = known?.withdrawnAt ?? (op === 'withdraw' ? at : undefined)
      this.#entries.set(id, {
        id,
        state: 'withdrawn',
        pictures: new Map(),
        addedAt: known?.addedAt ?? at,
        ...(withdrawnAt !== undefined && { withdrawnAt }),
      })
      return null
    }
    if (known?.state === 'withdrawn') return 'OUT_OF_ORDER'
    const { n: _, op: __, entry: id, at, ...picture } = record
    // A picture that comes again has more windows than before, and takes its former place.
    if (known) known.pictures.set(picture.sha256, picture)
    else {
      const pictures = new Map([[picture.sha256, picture]])
      this.#entries.set(id, { id, state: 'active', pictures, addedAt: at })
    }
    return null
  }

  all(): BankEntry[] {
    return [...this.#entries.values()].map((entry) => ({ ...entry, pictures: [...entry.pictures.values()] }))
  }
}
