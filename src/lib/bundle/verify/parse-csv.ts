import { BundleError } from '../errors.ts'

/** Rows of a table whose cells are all in quotes, one row per line. Throws `BundleError` `MANIFEST_MALFORMED`. */
export function parseCsv(text: string): string[][] {
  if (!text.endsWith('\n')) throw malformed()
  return text.slice(0, -1).split('\n').map(parseRow)
}

function parseRow(line: string): string[] {
  const cells: string[] = []
  const form = /"((?:[^"]|"")*)"(,|$)/y
  for (let at = 0; at < line.length || cells.length === 0; at = form.lastIndex) {
    form.lastIndex = at
    const found = form.exec(line)
    if (!found) throw malformed()
    cells.push((found[1] ?? '').replaceAll('""', '"'))
    if (found[2] === '') return form.lastIndex === line.length ? cells : raise()
  }
  throw malformed()
}

function raise(): never {
  throw malformed()
}

function malformed(): BundleError {
  return new BundleError('MANIFEST_MALFORMED', 'A table of the bundle is not in its form.')
}
