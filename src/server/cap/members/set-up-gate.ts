import { createHash, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { readSetup } from '../../data/index.ts'
import { writePrivate } from '../../data/private-file.ts'
import type { SetUpGate } from './dependencies.ts'

/** The gate of the link that the first start of a server printed, whose token's digest is in the data directory. */
export function setUpGateIn(directory: string): SetUpGate {
  return {
    isOpen: async (token) => {
      const setup = await readSetup(directory)
      if (setup?.state !== 'open') return false
      const digest = createHash('sha256').update(token).digest()
      return timingSafeEqual(digest, Buffer.from(setup.tokenSha256, 'hex'))
    },
    close: async () => {
      const setup = await readSetup(directory)
      if (setup === null) return
      const text = `${JSON.stringify({ ...setup, state: 'done' })}\n`
      await writePrivate(join(directory, 'setup.json'), text)
    },
  }
}
