import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

const PART_BYTES = 1024 * 1024

/** The parts of a file, all in the same memory: each is good until the next one is asked for. A link is not followed. */
export async function* fileParts(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { size } = await handle.stat()
    const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(PART_BYTES, size)))
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
