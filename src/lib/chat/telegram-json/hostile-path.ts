const LONGEST_PATH = 4096

/**
 * True for a path inside an export that must never be resolved or opened: empty, absolute, with a `..` or `.` step, a
 * backslash, a colon early enough to be a drive letter or URL scheme, a control character, or over 4096 units.
 */
export function isHostilePath(path: string): boolean {
  if (path.length === 0 || path.length > LONGEST_PATH || path.startsWith('/')) return true
  let stepStart = 0
  for (let i = 0; i <= path.length; i++) {
    const unit = i < path.length ? path.charCodeAt(i) : SLASH
    if (unit < 32 || unit === BACKSLASH || unit === 127) return true
    if (unit !== SLASH) continue
    if (isDots(path, stepStart, i)) return true
    stepStart = i + 1
  }
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(path)
}

/** Why a tree refused `path`: its own form, or what lies there (a link, a device, a bomb). */
export function refusalOf(path: string): 'PATH_HOSTILE' | 'ENTRY_TYPE' {
  return isHostilePath(path) ? 'PATH_HOSTILE' : 'ENTRY_TYPE'
}

const SLASH = 47
const BACKSLASH = 92
const DOT = 46

function isDots(path: string, start: number, end: number): boolean {
  const length = end - start
  if (length > 2) return false
  for (let i = start; i < end; i++) if (path.charCodeAt(i) !== DOT) return false
  return true
}
