import { createHash } from 'node:crypto'
import { fromHex, type WindowRow } from '#lib/phash/index.ts'
import { type RegisteredPicture, type RegisteredWindows, windowsFrom } from './index.ts'

const FRAME = { width: 640, height: 480 }

/** What a picture that never existed would be registered as, made from a seed; without windows. For tests. */
export function syntheticPicture(seed: string, printCount = 8): RegisteredPicture {
  return {
    sha256: createHash('sha256').update(seed).digest('hex'),
    md5: createHash('md5').update(seed).digest('hex'),
    ...FRAME,
    quality: 90,
    usable: printCount > 0,
    prints: Array.from({ length: printCount }, (_, k) => ({
      variant: `o${k % 8}`,
      pdq: syntheticPrint(`${seed}/${k}`),
      quality: 80,
    })),
  }
}

/** The same with windows. */
export function withWindows(
  seed: string,
  rowCount: number,
  set: RegisteredWindows['set'] = 'full',
): RegisteredPicture {
  return { ...syntheticPicture(seed), windows: windowsFrom(set, FRAME.height, syntheticRows(seed, rowCount)) }
}

/** Windows all over a picture of 640 x 480. */
export function syntheticRows(seed: string, count: number): WindowRow[] {
  return Array.from({ length: count }, (_, k) => {
    const side = 200 + (k % 7) * 20
    return {
      hash: fromHex(syntheticPrint(`${seed}/window/${k}`)),
      quality: 60 + (k % 40),
      cx: side / 2 + ((k * 37) % Math.floor(FRAME.width - side)),
      cy: side / 2 + ((k * 23) % Math.floor(FRAME.height - side)),
      side,
      angle: 0,
      frame: FRAME,
      shorterSide: FRAME.height,
    }
  })
}

function syntheticPrint(seed: string): string {
  // Half of the bits set, as in a real one: 16 random bytes and their complement.
  const half = createHash('md5').update(seed).digest()
  return half.toString('hex') + Buffer.from(half.map((byte) => 255 - byte)).toString('hex')
}
