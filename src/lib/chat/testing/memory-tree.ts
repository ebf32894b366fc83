import type { Source, SourceTree } from '../model.ts'
import { isHostilePath } from '../telegram-json/hostile-path.ts'

export interface MemoryTreeOptions {
  name?: string
  /** Answer `state` with a promise, as a folder on disk would. */
  hasSlowState?: boolean
  /** Hand over at most so many bytes per `slice`, to try every window border. */
  maxSliceBytes?: number
  refused?: SourceTree['refused']
}

/** An export held in memory, for tests. Strings are stored as UTF-8; files come in the order given. */
export function memoryTree(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: MemoryTreeOptions = {},
): SourceTree {
  const stored = new Map(Object.entries(files).map(([path, content]) => [path, toBytes(content)]))
  const refused = new Set(options.refused?.map(({ path }) => path))
  const stateOf = (path: string) => {
    if (isHostilePath(path) || refused.has(path)) return 'refused' as const
    return stored.has(path) ? ('present' as const) : ('missing' as const)
  }
  return {
    name: options.name ?? 'export',
    refused: options.refused ?? [],
    files: async () => [...stored].map(([path, bytes]) => ({ path, sizeBytes: bytes.length })),
    open: async (path) => {
      const bytes = stored.get(path)
      return bytes ? memorySource(path, bytes, options.maxSliceBytes) : null
    },
    state: options.hasSlowState ? async (path) => stateOf(path) : stateOf,
  }
}

/** One file held in memory. With `maxSliceBytes`, slices are shorter than asked for. */
export function memorySource(path: string, content: string | Uint8Array, maxSliceBytes = Infinity): Source {
  const bytes = toBytes(content)
  return {
    path,
    sizeBytes: bytes.length,
    slice: async (start, end) => bytes.slice(start, Math.min(end, start + maxSliceBytes)),
  }
}

export function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content
}
