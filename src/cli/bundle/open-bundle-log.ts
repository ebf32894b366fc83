import type { CliContext } from '../context.ts'
import type { BundleLog } from './bundle-log.ts'
import { BundleFileError } from './errors.ts'

/** Opens the log in a folder for making a bundle. Throws `BundleFileError` `SEAL_LOG_PENDING`. */
export async function openBundleLog(folder: string, _context: CliContext): Promise<BundleLog> {
  throw new BundleFileError(
    'SEAL_LOG_PENDING',
    `The log in "${folder}" cannot be used by this version. Nothing was written.`,
  )
}
