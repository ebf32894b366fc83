import { createCipheriv } from 'node:crypto'
import { writeFileSync } from 'node:fs'

/** Writes noise that begins like a JPEG file: the same for the same seed, and nothing can be seen in it. */
export function writeNoise(path: string, sizeBytes: number, seed: number): void {
  const key = Buffer.alloc(32)
  key.writeUInt32LE(seed)
  const noise = createCipheriv('chacha20', key, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes))
  noise.set([0xff, 0xd8, 0xff, 0xe0])
  writeFileSync(path, noise)
}
