import { expect, it } from 'vitest'
import { digestOf, memoryTree, readAll, testReadOptions, toBytes } from '../testing/index.ts'
import { pictureTypeOf, readPictures } from './index.ts'

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0))
const box = (brand: string, ...compatible: string[]) =>
  bytesOf(`\0\0\0\x1cftyp${brand}\0\0\0\0${compatible.join('')}`)

it('knows pictures by their first bytes', () => {
  const table: [Uint8Array, string | null][] = [
    [bytesOf('\xff\xd8\xff\xe0'), 'image/jpeg'],
    [bytesOf('\x89PNG\r\n\x1a\n'), 'image/png'],
    [bytesOf('RIFF\0\0\0\0WEBPVP8 '), 'image/webp'],
    [bytesOf('GIF89a'), 'image/gif'],
    [bytesOf('II*\0'), 'image/tiff'],
    [bytesOf('MM\0*'), 'image/tiff'],
    [box('avif', 'mif1'), 'image/avif'],
    [box('heic', 'mif1'), 'image/heic'],
    [box('mif1', 'avif'), 'image/avif'],
    [box('mif1', 'heic'), 'image/heic'],
    [box('mif1', 'miaf'), 'image/heif'],
    [box('isom', 'mp42'), null],
    [bytesOf('RIFF\0\0\0\0WAVE'), null],
    [bytesOf('\xff\xd8'), null],
    [bytesOf(''), null],
    [bytesOf('\0\0\0\x1cftyp__proto__'), null],
  ]
  for (const [bytes, mime] of table) expect(pictureTypeOf(bytes)).toBe(mime)
})

it('makes one message of each picture, claims nothing about it, and counts what is none', async () => {
  const png = bytesOf('\x89PNG\r\n\x1a\nrest')
  const tree = memoryTree(
    { 'a/1.txt': png, 'b.png': 'not a picture', 'c.gif': 'GIF89a..' },
    { name: 'shots' },
  )
  const progress: [number, number][] = []
  const { messages, summary } = await readAll(
    readPictures(tree, testReadOptions({ onProgress: (read, total) => progress.push([read, total]) })),
  )
  expect(
    messages.map(({ seq, authorKey, text, attachments }) => [seq, authorKey, text, attachments]),
  ).toEqual([
    [
      0,
      null,
      '',
      [
        {
          kind: 'photo',
          state: 'present',
          path: 'a/1.txt',
          fileName: '1.txt',
          sizeBytes: 12,
          mime: 'image/png',
        },
      ],
    ],
    [
      1,
      null,
      '',
      [
        {
          kind: 'photo',
          state: 'present',
          path: 'c.gif',
          fileName: 'c.gif',
          sizeBytes: 8,
          mime: 'image/gif',
        },
      ],
    ],
  ])
  expect(messages[0]?.sentAt).toMatchObject({ utcMs: null, local: null, zone: 'unknown' })
  expect(messages[0]?.raw).toEqual({ file: 'a/1.txt', start: 0, end: 12 })
  expect(summary.sources).toEqual([
    { path: 'a/1.txt', sizeBytes: 12, sha256: digestOf(png) },
    { path: 'c.gif', sizeBytes: 8, sha256: digestOf(toBytes('GIF89a..')) },
  ])
  expect(summary.places).toMatchObject([{ platform: 'files', titles: ['shots'] }])
  expect(summary.warnings).toEqual([{ code: 'NOT_A_PICTURE', count: 1, firstAt: 'b.png' }])
  expect(summary.counts.attachments).toEqual({ present: 2 })
  expect(progress.at(-1)).toEqual([33, 33])
})

it('stops when it is told to', async () => {
  const reader = readPictures(
    memoryTree({ 'a.gif': 'GIF89a' }),
    testReadOptions({ signal: { aborted: true } }),
  )
  await expect(readAll(reader)).rejects.toMatchObject({ code: 'ABORTED' })
})
