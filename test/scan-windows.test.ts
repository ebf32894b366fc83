import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ScanReport, scanReport } from '#contract/scan-report.ts'
import {
  addSticker,
  chatScreenshot,
  crop,
  drawScene,
  mirror,
  type Rgb8,
  randomFromInteger,
  turnQuarters,
} from '#lib/scenes/index.ts'
import { type Ran, saksi, startSaksi, temporaryFolder } from './run-saksi.ts'

const { path: folder, remove } = temporaryFolder()
const posted = join(folder, 'posted')
const bank = join(folder, 'test.bank')
let banks = 0

const SIZE = { width: 800, height: 600 }
const jpeg = ({ data, width, height }: Rgb8, quality = 75): Promise<Buffer> =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer()

/** Cuts other shares off each side, up to 10 %. */
function cropped({ width, height, ...pixels }: Rgb8): Rgb8 {
  const rect = { left: 0.1 * width, top: 0.04 * height, width: 0.82 * width, height: 0.87 * height }
  const whole = Object.fromEntries(Object.entries(rect).map(([side, value]) => [side, Math.round(value)]))
  return crop({ width, height, ...pixels }, { left: 0, top: 0, width: 1, height: 1, ...whole })
}

/** Two pictures beside each other. */
function collage(left: Rgb8, right: Rgb8): Rgb8 {
  const width = left.width + right.width
  const data = new Uint8Array(3 * width * left.height)
  for (let y = 0; y < left.height; y++) {
    data.set(left.data.subarray(3 * y * left.width, 3 * (y + 1) * left.width), 3 * y * width)
    data.set(
      right.data.subarray(3 * y * right.width, 3 * (y + 1) * right.width),
      3 * (y * width + left.width),
    )
  }
  return { ...left, data, width }
}

const A = drawScene(700, SIZE)
const B = drawScene(704, SIZE)
const POSTED: Record<string, () => Rgb8> = {
  'a-cropped.jpg': () => cropped(A),
  'a-mirrored-crop.jpg': () => mirror(cropped(A)),
  'a-screenshot.jpg': () => chatScreenshot(A, randomFromInteger(5)),
  'a-turned-screenshot.jpg': () => turnQuarters(chatScreenshot(A, randomFromInteger(6)), 1),
  'b-sticker.jpg': () => addSticker(B, randomFromInteger(7)),
  'collage.jpg': () => collage(A, B),
  'nobody.jpg': () => drawScene(708, SIZE),
  'nobody-screenshot.jpg': () => chatScreenshot(drawScene(712, SIZE), randomFromInteger(8)),
}
/** What shows a copy only in part of its file: the last frame of an animation, and a file whose end is missing. */
async function writeEvasions(): Promise<void> {
  const screenshot = chatScreenshot(A, randomFromInteger(9))
  const { width, height } = screenshot
  const frames = [drawScene(716, { width, height }), drawScene(720, { width, height }), screenshot]
  const data = Buffer.concat(frames.map((frame) => frame.data))
  const raw = { width, height: height * frames.length, channels: 3 as const, pageHeight: height }
  writeFileSync(join(posted, 'animated.webp'), await sharp(data, { raw }).webp({ quality: 80 }).toBuffer())
  const whole = await jpeg(screenshot)
  writeFileSync(join(posted, 'cut.jpg'), whole.subarray(0, Math.floor(0.85 * whole.length)))
}

const EXPECTED = [
  'a-cropped.jpg\tA',
  'a-mirrored-crop.jpg\tA',
  'a-screenshot.jpg\tA',
  'a-turned-screenshot.jpg\tA',
  'again.jpg\tA',
  'animated.webp\tA',
  'b-sticker.jpg\tB',
  'collage.jpg\tA',
  'collage.jpg\tB',
  'cut.jpg\tA',
]

beforeAll(async () => {
  mkdirSync(posted)
  for (const [name, draw] of Object.entries(POSTED)) writeFileSync(join(posted, name), await jpeg(draw()))
  await writeEvasions()
  // The same bytes under another name are found, too.
  writeFileSync(join(posted, 'again.jpg'), readFileSync(join(posted, 'a-screenshot.jpg')))
  writeFileSync(join(folder, 'a.jpg'), await jpeg(A, 92))
  writeFileSync(join(folder, 'b.jpg'), await jpeg(B, 92))
  await add(bank, 'A', 'a.jpg')
  await add(bank, 'B', 'b.jpg')
})
afterAll(remove)

async function add(path: string, entry: string, file: string, ...more: string[]): Promise<Ran> {
  const ran = await saksi(['bank', 'add', path, '--entry', entry, join(folder, file), ...more])
  expect(ran.code).toBe(0)
  return ran
}

const scan = (path: string, ...more: string[]): Promise<Ran> =>
  saksi(['scan', posted, '--bank', path, ...more])
const linesIn = ({ stdout }: Ran): string[] => stdout.split('\n').slice(0, -1)
const reportIn = ({ stdout }: Ran): ScanReport => scanReport.parse(JSON.parse(stdout))
const newBank = (): string => join(folder, `${banks++}.bank`)

it('finds crops, screenshots, covered copies and collages, and prints them as pairs', async () => {
  const ran = await scan(bank, '--pairs')
  expect([ran.code, linesIn(ran)]).toEqual([0, EXPECTED])
})

it('says how each copy differs from the registered picture, without any fingerprint', async () => {
  const ran = await scan(bank, '--json')
  const copyOf = (path: string, entry: string) =>
    reportIn(ran).matches.find((match) => match.attachment.path === path && match.entry === entry)?.copy
  expect(copyOf('a-cropped.jpg', 'A')).toMatchObject({ isCropped: true, isInsideLargerFrame: false })
  expect(copyOf('a-mirrored-crop.jpg', 'A')).toMatchObject({ isCropped: true, isMirrored: true })
  expect(copyOf('a-screenshot.jpg', 'A')).toMatchObject({ isCropped: false, isInsideLargerFrame: true })
  expect(copyOf('a-turned-screenshot.jpg', 'A')).toMatchObject({ turnedDegrees: 90, isMirrored: false })
  expect(copyOf('collage.jpg', 'B')).toMatchObject({ isCropped: false, isInsideLargerFrame: true })
  expect(ran.stdout).not.toMatch(/[0-9a-f]{65}|[A-Za-z0-9+/]{80}/)
})

it('leaves windows out when told to, and when there are none in the bank', async () => {
  const fast = reportIn(await scan(bank, '--whole-only', '--json'))
  expect(fast.matches.map(({ rule }) => rule)).not.toContain('windows')
  expect(fast.counts.pictures).toMatchObject({ compared: 11, windowsCompared: 0, secondLooks: 0 })
  const whole = newBank()
  await add(whole, 'A', 'a.jpg', '--set', 'whole')
  const without = reportIn(await scan(whole, '--json'))
  expect([without.bank.windowRows, without.counts.pictures.windowsCompared]).toEqual([0, 0])
  expect(linesIn(await scan(whole, '--pairs'))).toEqual([])
})

it('finds by windows what was registered whole before, once it has been added again', async () => {
  const path = newBank()
  await add(path, 'A', 'a.jpg', '--set', 'whole')
  const again = await add(path, 'A', 'a.jpg', '--json')
  expect(JSON.parse(again.stdout)).toMatchObject({ alreadyThere: false, extended: true, coverage: 'most' })
  expect(linesIn(await scan(path, '--pairs'))).toContain('a-screenshot.jpg\tA')
  const [line] = linesIn(await saksi(['bank', 'list', path, '--json']))
  expect(JSON.parse(line ?? '')).toMatchObject({ pictures: 1, prints: 8 })
})

it('finds nothing of a withdrawn entry by its windows', async () => {
  const path = newBank()
  await add(path, 'A', 'a.jpg')
  await add(path, 'B', 'b.jpg')
  await saksi(['bank', 'withdraw', path, '--entry', 'A'])
  expect(linesIn(await scan(path, '--pairs'))).toEqual(['b-sticker.jpg\tB', 'collage.jpg\tB'])
})

it('writes a report beside the pairs only when asked, and takes no other output with them', async () => {
  const out = join(folder, 'report')
  expect(linesIn(await scan(bank, '--pairs', '--out', out))).toEqual(EXPECTED)
  expect(existsSync(join(out, 'report.json'))).toBe(true)
  expect(readFileSync(join(out, 'report.json'), 'utf8')).not.toMatch(/[A-Za-z0-9+/]{80}/)
  expect((await scan(bank, '--pairs', '--json')).code).toBe(2)
})

it('says for each picture what to expect, by its own windows, and what the smaller set loses', async () => {
  const soft = await sharp({ create: { ...SIZE, channels: 3, background: '#888' } })
    .composite([
      { input: await jpeg(crop(A, { left: 0, top: 0, width: 40, height: 40 })), left: 300, top: 300 },
    ])
    .blur(40)
    .jpeg()
    .toBuffer()
  writeFileSync(join(folder, 'soft.jpg'), soft)
  expect((await add(newBank(), 'A', 'a.jpg')).stdout).toMatch(
    /^added {2}.*, 8 prints, \d+ parts\n {2}We expect to recognise most copies/,
  )
  expect((await add(newBank(), 'A', 'soft.jpg')).stdout).toMatch(/few details|too few details/)
  expect((await add(newBank(), 'A', 'a.jpg', '--set', 'whole')).stdout).toMatch(
    /Crops, screenshots .* missed/,
  )
  const rows = async (set: string): Promise<number> =>
    JSON.parse((await add(newBank(), 'A', 'a.jpg', '--set', set, '--json')).stdout).windows
  const [whole, full, tilt] = [await rows('whole'), await rows('full'), await rows('tilt')]
  expect(whole).toBe(0)
  expect(full).toBeGreaterThan(40)
  expect(tilt).toBeGreaterThan(full)
  expect(
    (await saksi(['bank', 'add', bank, '--entry', 'A', '--set', 'P33', join(folder, 'a.jpg')])).code,
  ).toBe(2)
})

it('takes windows from inside a border only, and says how much of the frame is picture', async () => {
  const framed = await sharp(await jpeg(A, 92))
    .extend({ top: 700, bottom: 700, left: 0, right: 0, background: '#000' })
    .jpeg({ quality: 92 })
    .toBuffer()
  writeFileSync(join(folder, 'framed.jpg'), framed)
  const path = newBank()
  const added = JSON.parse((await add(path, 'A', 'framed.jpg', '--json')).stdout)
  expect(added.pictureShare).toBeGreaterThan(0.25)
  expect(added.pictureShare).toBeLessThan(0.35)
  expect((await add(newBank(), 'A', 'framed.jpg')).stdout).toContain('% of this frame is picture')
  expect(linesIn(await scan(path, '--pairs'))).toContain('a-screenshot.jpg\tA')
})

it('prints partner rows, and counts windows without printing them unless told to', async () => {
  const lineOf = async (...more: string[]) => {
    const { code, stdout } = await saksi(['fingerprint', join(folder, 'a.jpg'), ...more])
    expect(code).toBe(0)
    return JSON.parse(stdout)
  }
  const partner = await lineOf('--set', 'P33')
  expect(partner.variants).toHaveLength(33)
  expect(partner).not.toHaveProperty('windows')
  const full = await lineOf('--set', 'full')
  expect(Object.keys(full.windows)).toEqual(['set', 'count', 'coverage'])
  const rows = (await lineOf('--set', 'full', '--json')).windows
  expect(Buffer.from(rows.rows, 'base64')).toHaveLength(40 * full.windows.count)
  expect((await lineOf('--set', 'tilt')).windows.count).toBeGreaterThan(full.windows.count)
  expect(await lineOf('--set', 'whole')).not.toHaveProperty('variants')
  for (const wrong of [
    ['--set', 'P9'],
    ['--set', 'P33', '--variants'],
    ['--set', 'full', '--fast'],
  ])
    expect((await saksi(['fingerprint', join(folder, 'a.jpg'), ...wrong])).code).toBe(2)
})

it('stops tidily while windows are looked up, whenever it is told to', async () => {
  const startedMs = performance.now()
  await scan(bank, '--pairs')
  const wholeMs = performance.now() - startedMs
  const out = join(folder, 'stopped')
  const codes: (number | null)[] = []
  for (const share of [0.35, 0.5, 0.65, 0.8]) {
    const { child, ended } = startSaksi(['scan', posted, '--bank', bank, '--pairs', '--out', out])
    await sleep(share * wholeMs)
    child.kill('SIGINT')
    const { code, stdout } = await ended
    codes.push(code)
    if (code === 0) rmSync(out, { recursive: true })
    else expect([stdout, existsSync(out)]).toEqual(['', false])
  }
  expect(codes).toContain(130)
  expect(codes.filter((code) => code !== 0 && code !== 130 && code !== null)).toEqual([])
})
