import { expect, it } from 'vitest'
import type { Attachment } from '../model.ts'
import { readOne, readSample, sampleExport, sampleMessage, warningsOf } from './sample.ts'

const PLACEHOLDERS = [
  ['(File not included. Change data exporting settings to download.)', 'not-included'],
  ['(File exceeds maximum size. Change data exporting settings to download.)', 'too-large'],
  ['(File unavailable, please try again later)', 'unavailable'],
] as const
const MEMBERS = [
  ['photo', 'photo'],
  ['file', 'file'],
  ['thumbnail', 'thumbnail'],
  ['contact_vcard', 'contact-card'],
] as const

const CASES = MEMBERS.flatMap(([member, kind]) =>
  PLACEHOLDERS.map(([text, state]) => [member, kind, text, state] as const),
)

it.each(CASES)('reads in %s (%s) %j as %s', async (member, kind, text, state) => {
  expect((await readOne({ [member]: text })).attachments).toEqual([{ kind, state }])
  expect((await readOne({ [member]: `a.bin ${text}` })).attachments).toEqual([{ kind, state }])
  const beside = [`a.bin ${text}`]
  const there = await readOne({ [member]: `a.bin ${text}` }, { beside })
  expect(there.attachments).toEqual([{ kind, state: 'present', path: `a.bin ${text}` }])
})

it('reads a photo with its size, dimensions and spoiler', async () => {
  const photo = { photo: 'photos/a.jpg', photo_file_size: 99, width: 640, height: 480, media_spoiler: true }
  const expected: Attachment = {
    kind: 'photo',
    state: 'present',
    path: 'photos/a.jpg',
    sizeBytes: 99,
    width: 640,
    height: 480,
    isSpoiler: true,
  }
  for (const hasSlowState of [false, true]) {
    const { attachments } = await readOne(photo, { beside: ['photos/a.jpg'], hasSlowState })
    expect(attachments).toEqual([expected])
    expect((await readOne(photo, { hasSlowState })).attachments).toEqual([{ ...expected, state: 'missing' }])
  }
})

it.each([
  ['sticker', 'sticker'],
  ['video_message', 'round'],
  ['voice_message', 'voice'],
  ['animation', 'animation'],
  ['video_file', 'video'],
  ['audio_file', 'audio'],
  ['hologram', 'file'],
  [undefined, 'file'],
])('reads media of type %s as %s', async (mediaType, kind) => {
  const members = {
    file_name: 'b.bin',
    file_size: 5,
    mime_type: 'a/b',
    duration_seconds: 3,
    width: 1,
    height: 2,
  }
  const over = { file: 'files/b.bin', ...members, media_type: mediaType, thumbnail: 'files/b_thumb.jpg' }
  expect((await readOne({ ...over, thumbnail_file_size: 4 })).attachments).toEqual([
    {
      kind,
      state: 'missing',
      path: 'files/b.bin',
      fileName: 'b.bin',
      sizeBytes: 5,
      mime: 'a/b',
      seconds: 3,
      width: 1,
      height: 2,
    },
    { kind: 'thumbnail', state: 'missing', path: 'files/b_thumb.jpg', sizeBytes: 4 },
  ])
})

it('looks beside the file it reads', async () => {
  const options = { path: 'ChatExport/result.json', beside: ['ChatExport/photos/a.jpg'] }
  const { attachments } = await readOne({ photo: 'photos/a.jpg' }, options)
  expect(attachments).toEqual([{ kind: 'photo', state: 'present', path: 'ChatExport/photos/a.jpg' }])
})

it.each([
  ...['/etc/passwd', '../a.jpg', 'photos/../../a.jpg', '..\\a.jpg', 'C:\\a.jpg', 'file:///a.jpg'],
  ...['http://example.org/a.jpg', 'photos/a\u0001.jpg'],
])('refuses the path %j and keeps nothing of it', async (path) => {
  for (const hasSlowState of [false, true]) {
    const text = sampleExport([sampleMessage(7, { photo: path })])
    const { messages, summary } = await readSample(text, { path: 'x/result.json', hasSlowState })
    expect(messages[0]?.attachments).toEqual([{ kind: 'photo', state: 'refused' }])
    expect(summary.warnings).toEqual([{ code: 'PATH_HOSTILE', count: 1, firstAt: '7' }])
    expect(summary.counts.attachments).toEqual({ refused: 1 })
  }
})

it('counts states that are known late under the right message', async () => {
  const messages = [
    sampleMessage(1, { photo: 'a.jpg' }),
    sampleMessage(2, { file: '../b' }),
    sampleMessage(3),
  ]
  const { summary } = await readSample(sampleExport(messages), { hasSlowState: true, beside: ['a.jpg'] })
  expect(summary.counts.attachments).toEqual({ present: 1, refused: 1 })
  expect(summary.warnings).toEqual([{ code: 'PATH_HOSTILE', count: 1, firstAt: '2' }])
})

it('tells a link or a bomb in the export from a hostile path', async () => {
  const messages = [sampleMessage(1, { photo: 'photos/a.jpg' }), sampleMessage(2, { photo: '../a.jpg' })]
  const refused = [{ path: 'photos/a.jpg', code: 'ENTRY_TYPE' as const }]
  for (const hasSlowState of [false, true]) {
    const { summary } = await readSample(sampleExport(messages), { hasSlowState, refused })
    expect(summary.warnings).toEqual([
      { code: 'ENTRY_TYPE', count: 1, firstAt: '1' },
      { code: 'PATH_HOSTILE', count: 1, firstAt: '2' },
    ])
  }
})

it('survives members of the wrong type', async () => {
  const odd = {
    photo: 5,
    photo_file_size: '9',
    width: -1,
    height: null,
    file: {},
    thumbnail: '',
    contact_vcard: [],
  }
  const { messages, summary } = await readSample(sampleExport([sampleMessage(1, odd)]))
  expect(messages[0]?.attachments.map(({ kind, state }) => [kind, state])).toEqual([
    ['photo', 'unavailable'],
    ['file', 'unavailable'],
    ['thumbnail', 'unavailable'],
    ['contact-card', 'unavailable'],
  ])
  expect(warningsOf(summary)).toEqual({})
})
