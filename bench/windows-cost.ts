import { fingerprint, type Pixels, queryWindows, registerWindows } from '#lib/phash/index.ts'
import { chatScreenshot, drawScene, type Rgb8, randomFromInteger } from '#lib/scenes/index.ts'

export const WINDOW_COLUMNS = ['picture', 'plain print', 'registering', 'rows', 'looking up', 'windows']

const WARM_UP = 3
const ROUNDS = 15

/**
 * What registering a picture with its tilted windows and looking one up cost, in milliseconds of processor time (other
 * programs on the machine change that less than the time that passes), beside the plain print of the same picture.
 */
export async function measureWindows(): Promise<{
  rows: (string | number)[][]
  figures: Record<string, number>
}> {
  const photo = grained(drawScene(5))
  const screen = chatScreenshot(photo, randomFromInteger(3))
  const large = enlarged(photo, 4000, 3000)
  const figures: Record<string, number> = {}
  const rows: (string | number)[][] = []
  for (const [key, label, pixels] of [
    ['photo', `${photo.width} x ${photo.height} with grain`, photo],
    ['chat', `${screen.width} x ${screen.height} chat screen`, screen],
    ['12Mp', `${large.width} x ${large.height}, the first enlarged`, large],
  ] as const) {
    const plain = await cpuMs(() => fingerprint(pixels))
    const registering = await cpuMs(() => registerWindows(pixels, { set: 'tilt' }))
    const lookingUp = await cpuMs(() => queryWindows(pixels, { look: 'first' }))
    const rowCount = (await registerWindows(pixels, { set: 'tilt' })).length
    const windowCount = (await queryWindows(pixels, { look: 'first' })).length
    figures[`${key}PlainCpuMs`] = plain
    figures[`${key}RegisterCpuMs`] = registering
    figures[`${key}QueryCpuMs`] = lookingUp
    rows.push([label, plain.toFixed(2), registering.toFixed(1), rowCount, lookingUp.toFixed(1), windowCount])
  }
  return { rows, figures }
}

async function cpuMs(call: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const start = process.cpuUsage()
    await call()
    const { user, system } = process.cpuUsage(start)
    if (round >= 0) times.push((user + system) / 1000)
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN
}

/** With the noise of a camera: drawings have flat parts, which would make it look cheaper than it is. */
function grained(scene: Rgb8): Rgb8 {
  const random = randomFromInteger(1)
  return { ...scene, data: Uint8Array.from(scene.data, (value) => clamped(value + random.between(-5, 5))) }
}

function clamped(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)))
}

function enlarged({ data, width, height }: Rgb8, toWidth: number, toHeight: number): Pixels {
  const out = new Uint8Array(toWidth * toHeight * 3)
  for (let y = 0, to = 0; y < toHeight; y++) {
    const row = Math.floor((y * height) / toHeight) * width
    for (let x = 0; x < toWidth; x++) {
      const from = 3 * (row + Math.floor((x * width) / toWidth))
      for (let channel = 0; channel < 3; channel++) out[to++] = data[from + channel] ?? 0
    }
  }
  return { data: out, width: toWidth, height: toHeight, format: 'rgb8' }
}
