import { isAbsolute, join } from 'node:path'

/** Where everything of a log lies. Only what is under `served` is ever handed out. */
export interface LogLayout {
  readonly folder: string
  readonly settings: string
  readonly lock: string
  /** Checkpoint, tiles, policy and public openings: laid out as they are served, so that a copy of it is a mirror. */
  readonly served: string
  readonly checkpoint: string
  readonly policy: string
  /** Commitments that were accepted. */
  readonly pending: string
  /** What may be signed: written before the key is used. */
  readonly signed: string
  /** The batch that is being added to the tree. */
  readonly batch: string
  /** The newest signed checkpoint, with the co-signatures it has so far. */
  readonly note: string
  /** There while an old and a new key sign together: since when. */
  readonly rotation: string
  /** There while the log is stopped. */
  readonly halted: string
  readonly openings: string
  readonly logKey: string
  /** There while a new key takes the place of the log's. */
  readonly newLogKey: string
  readonly receiptsKey: string
  /** The largest size that was ever signed, kept with the keys: it tells when the folder alone was put back. */
  readonly highWater: string
  /** The address of the database, for a log that lies in one: private, since it may hold a password. */
  readonly databaseAddress: string
}

/** The layout of a log; `keys` and `openings` are folders, relative to the log's folder unless absolute. */
export function logLayout(folder: string, { keys, openings }: { keys: string; openings: string }): LogLayout {
  const at = (path: string): string => (isAbsolute(path) ? path : join(folder, path))
  return {
    folder,
    settings: join(folder, 'log.json'),
    lock: join(folder, 'lock'),
    served: join(folder, 'served'),
    checkpoint: join(folder, 'served', 'checkpoint'),
    policy: join(folder, 'served', 'policy'),
    pending: join(folder, 'state', 'pending.jsonl'),
    signed: join(folder, 'state', 'signed.jsonl'),
    batch: join(folder, 'state', 'batch.json'),
    note: join(folder, 'state', 'newest-note'),
    rotation: join(folder, 'state', 'rotation'),
    halted: join(folder, 'state', 'halted.json'),
    openings: at(openings),
    logKey: join(at(keys), 'log.key'),
    newLogKey: join(at(keys), 'log-new.key'),
    receiptsKey: join(at(keys), 'receipts.key'),
    highWater: join(at(keys), 'signed-size.json'),
    databaseAddress: join(at(keys), 'database'),
  }
}

/** Where the opening of a public record is served, relative to what is served. */
export const publicOpeningPath = (index: number): string => `public/${index}.json`
