import type { FileHandle } from 'node:fs/promises'

interface Held {
  handle: Promise<FileHandle>
  users: number
}

/**
 * Keeps at most `capacity` files open between reads, so that an export of 20 000 pictures does not run out of
 * descriptors. A file in use is never closed under its reader.
 */
export class DescriptorCache {
  readonly #capacity: number
  readonly #held = new Map<string, Held>()

  constructor(capacity = 32) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#held.size
  }

  async use<T>(
    key: string,
    open: () => Promise<FileHandle>,
    act: (handle: FileHandle) => Promise<T>,
  ): Promise<T> {
    const held = this.#held.get(key) ?? { handle: open(), users: 0 }
    // Re-inserting makes the map's order the order of last use.
    this.#held.delete(key)
    this.#held.set(key, held)
    held.users++
    try {
      return await act(await held.handle)
    } catch (error) {
      await this.#dropUnopened(key, held)
      throw error
    } finally {
      held.users--
      await this.#evict()
    }
  }

  async close(): Promise<void> {
    const all = [...this.#held.values()]
    this.#held.clear()
    await Promise.all(all.map(closeQuietly))
  }

  async #dropUnopened(key: string, held: Held): Promise<void> {
    const isOpen = await held.handle.then(
      () => true,
      () => false,
    )
    if (!isOpen && this.#held.get(key) === held) this.#held.delete(key)
  }

  async #evict(): Promise<void> {
    for (const [key, held] of this.#held) {
      if (this.#held.size <= this.#capacity) return
      if (held.users > 0) continue
      this.#held.delete(key)
      await closeQuietly(held)
    }
  }
}

async function closeQuietly(held: Held): Promise<void> {
  try {
    await (await held.handle).close()
  } catch {
    // It never opened, or is closed already: nothing is held.
  }
}

/** Bytes `start`..`end` of an open file; shorter only when the file ends. */
export async function readRange(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const wanted = Math.max(0, end - start)
  const bytes = Buffer.allocUnsafe(wanted)
  let filled = 0
  while (filled < wanted) {
    const { bytesRead } = await handle.read(bytes, filled, wanted - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, filled)
}
