import { createHash } from 'node:crypto'
import type { RegisteredPicture } from './index.ts'

/** What a picture that never existed would be registered as, made from a seed. For tests. */
export function syntheticPicture(seed: string, printCount = 8): RegisteredPicture {
  return {
    sha256: createHash('sha256').update(seed).digest('hex'),
    md5: createHash('md5').update(seed).digest('hex'),
    width: 640,
    height: 480,
    quality: 90,
    usable: printCount > 0,
    prints: Array.from({ length: printCount }, (_, k) => ({
      variant: `o${k % 8}`,
      pdq: syntheticPrint(`${seed}/${k}`),
      quality: 80,
    })),
  }
}

function syntheticPrint(seed: string): string {
  // Half of the bits set, as in a real one: 16 random bytes and their complement.
  const half = createHash('md5').update(seed).digest()
  return half.toString('hex') + Buffer.from(half.map((byte) => 255 - byte)).toString('hex')
}
