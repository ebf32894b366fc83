import { utf8ToText } from '../../bytes/index.ts'
import { BundleError } from '../errors.ts'
import { compareBytes } from './bytes.ts'
import { isBundlePath } from './names.ts'

export type ManifestAlgorithm = 'sha256' | 'sha512'
export const MANIFEST_ALGORITHMS = ['sha256', 'sha512'] as const

const HEX_LENGTH: Readonly<Record<ManifestAlgorithm, number>> = { sha256: 64, sha512: 128 }

export interface ManifestLine {
  /** Lower-case hexadecimal. */
  digest: string
  path: string
}

/** A manifest (RFC 8493 section 2.1.3, and what `sha256sum -c` reads): sorted by the bytes of the path. */
export function formatManifest(lines: readonly ManifestLine[]): string {
  const sorted = [...lines].sort((a, b) => compareBytes(a.path, b.path))
  return sorted.map(({ digest, path }) => `${digest}  ${path}\n`).join('')
}

/**
 * Reads a manifest in the one form `formatManifest` writes: sorted, each path once, names of the rule, nothing else.
 * Throws `BundleError` `MANIFEST_MALFORMED`.
 */
export function parseManifest(bytes: Uint8Array, algorithm: ManifestAlgorithm): ManifestLine[] {
  const text = utf8ToText(bytes)
  if (text === null || !text.endsWith('\n')) throw malformed(algorithm)
  const form = new RegExp(`^([0-9a-f]{${HEX_LENGTH[algorithm]}}) {2}(.+)$`)
  const lines: ManifestLine[] = []
  for (const line of text.slice(0, -1).split('\n')) {
    const [, digest, path] = form.exec(line) ?? []
    if (digest === undefined || path === undefined || !isBundlePath(path)) throw malformed(algorithm)
    const last = lines.at(-1)
    if (last && compareBytes(last.path, path) >= 0) throw malformed(algorithm)
    lines.push({ digest, path })
  }
  return lines
}

function malformed(algorithm: ManifestAlgorithm): BundleError {
  return new BundleError(
    'MANIFEST_MALFORMED',
    `A ${algorithm} manifest is not in its one exact form: one line per file, sorted, nothing else.`,
  )
}
