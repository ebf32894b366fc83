import { BundleError } from '../errors.ts'

const COMPONENT = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/i
const MOST_COMPONENTS = 8

/** The bag's name: the one folder of the archive, such as `SAKSI-0001-H1`. */
export const BAG_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/

/**
 * True for a path a bundle may hold: ASCII letters, digits, `.`, `_`, `-`, at most eight components that do not begin with
 * `.` or `-`. Such names mean the same on every system and cannot hide from `sha256sum`, `find` or a shell.
 */
export function isBundlePath(path: string): boolean {
  const parts = path.split('/')
  return (
    parts.length <= MOST_COMPONENTS &&
    parts.every((part) => COMPONENT.test(part) && !DEVICE.test(part) && !part.endsWith('.'))
  )
}

/** Throws `BundleError` `NAME_INVALID` unless all paths may be in one bundle together. */
export function requireBundlePaths(paths: readonly string[]): void {
  const seen = new Set<string>()
  for (const path of paths) {
    const folded = path.toLowerCase()
    if (!isBundlePath(path) || seen.has(folded)) {
      throw new BundleError(
        'NAME_INVALID',
        `A file of the bundle has a name that cannot be used: ${JSON.stringify(path)}.`,
      )
    }
    seen.add(folded)
  }
}
