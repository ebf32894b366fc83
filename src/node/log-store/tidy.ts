import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseTilePath, tileAt } from '#lib/tlog/index.ts'
import { isMissing } from '../is-missing.ts'

/** For so long superseded partial tiles are kept. */
export const KEEP_PARTIALS_MS = 7 * 24 * 60 * 60 * 1000

/**
 * Removes partial tiles and bundles that were superseded by their full one more than seven days ago: whoever still asks
 * for one takes the full tile (C2SP tlog-tiles).
 */
export async function removeOldPartials(served: string, size: number, now: Date): Promise<void> {
  for await (const folder of partialFolders(served, 'tile')) {
    const tile = parseTilePath(folder.slice(0, -'.p'.length))
    const [level, index] =
      tile.kind === 'entries' ? [0, tile.bundle.index] : [tile.tile.level, tile.tile.index]
    const full = tileAt(level, index, size)
    if (full?.width !== 256) continue
    const { mtimeMs } = await stat(join(served, folder.slice(0, -'.p'.length)))
    if (now.getTime() - mtimeMs > KEEP_PARTIALS_MS)
      await rm(join(served, folder), { recursive: true, force: true })
  }
}

async function* partialFolders(served: string, folder: string): AsyncGenerator<string, void> {
  for (const entry of await readFolder(join(served, folder))) {
    const path = `${folder}/${entry.name}`
    if (!entry.isDirectory()) continue
    if (entry.name.endsWith('.p')) yield path
    else yield* partialFolders(served, path)
  }
}

async function readFolder(path: string) {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}
