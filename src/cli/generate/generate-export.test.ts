import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { type GenerateOptions, generateExport, originalPicture } from './index.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'
import digests from './vectors/exports.json' with { type: 'json' }

const SMALL = { longSide: 160, shortSide: 120 }

interface ExportedMessage {
  id: number
  type: string
  date_unixtime: string
  photo?: string
  file?: string
  forwarded_from?: string
  edited?: string
  reply_to_message_id?: number
  text: string | (string | { text: string })[]
  text_entities: { text: string }[]
}

async function generate(options: Partial<GenerateOptions>) {
  const dir = join(await temporaryFolder(), 'export')
  const made = await generateExport({
    dir,
    seed: 'test',
    messages: 300,
    pictures: 0,
    pictureSize: SMALL,
    ...options,
  })
  const bytes = await readFile(join(dir, 'result.json'))
  return { ...made, bytes }
}

function messagesOf(bytes: Buffer): ExportedMessage[] {
  return JSON.parse(bytes.toString('utf8')).messages
}

function flat({ text }: ExportedMessage): string {
  return typeof text === 'string'
    ? text
    : text.map((part) => (typeof part === 'string' ? part : part.text)).join('')
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('a generated export', () => {
  it.each(digests.exports)(
    'seed $seed with $messages messages has the recorded bytes',
    async ({ seed, messages, sha256: recorded }) => {
      const { bytes } = await generate({ seed, messages })
      expect(sha256(bytes)).toBe(recorded)
    },
  )

  it('is the same for the same seed, pictures included, and another for another seed', async () => {
    const options = {
      pictures: 6,
      plant: [{ entry: 'A', scene: 5, edits: ['screenshot', 'stickered'] as const }],
    }
    const [first, again, other] = [
      await generate(options),
      await generate(options),
      await generate({ ...options, seed: 'other' }),
    ]
    expect(sha256(again.bytes)).toBe(sha256(first.bytes))
    expect(again.truth).toEqual(first.truth)
    expect(sha256(other.bytes)).not.toBe(sha256(first.bytes))
    for (const name of await readdir(join(first.dir, 'photos'))) {
      const path = join('photos', name)
      expect(sha256(await readFile(join(again.dir, path)))).toBe(
        sha256(await readFile(join(first.dir, path))),
      )
    }
  })

  it('keeps its times when identifiers are added: each concern draws from its own stream', async () => {
    const times = async (identifiers: number) =>
      messagesOf((await generate({ identifiers })).bytes).map((message) => message.date_unixtime)
    expect(await times(30)).toEqual(await times(0))
  })

  it('is JSON when no fault was asked for, and the truth counts what is in it', async () => {
    const { dir, bytes, truth } = await generate({ messages: 3000, pictures: 20 })
    const messages = messagesOf(bytes)
    const count = (isSuch: (message: ExportedMessage) => boolean) => messages.filter(isSuch).length
    expect(messages.length).toBe(3000)
    expect(truth.counts).toEqual({
      messages: count((message) => message.type === 'message'),
      service: count((message) => message.type === 'service'),
      edited: count((message) => message.edited !== undefined),
      forwarded: count((message) => message.forwarded_from !== undefined),
      replies: count((message) => message.reply_to_message_id !== undefined),
      pictures: count((message) => message.photo !== undefined),
    })
    expect(Math.min(...Object.values(truth.counts))).toBeGreaterThan(0)
    expect(truth.attachments['not-included']).toBe(count((message) => message.file !== undefined))
    expect(truth.attachments.present).toBe((await readdir(join(dir, 'photos'))).length)
  })

  it('has rising ids and times, replies to earlier messages, and entities that add up to the text', async () => {
    const messages = messagesOf((await generate({ messages: 2000 })).bytes)
    const ids = new Set<number>()
    let before = { id: 0, unix: 0 }
    for (const message of messages) {
      const unix = Number(message.date_unixtime)
      expect(message.id).toBeGreaterThan(before.id)
      expect(unix).toBeGreaterThanOrEqual(before.unix)
      if (message.reply_to_message_id !== undefined) expect(ids.has(message.reply_to_message_id)).toBe(true)
      expect(message.text_entities.map((entity) => entity.text).join('')).toBe(flat(message))
      ids.add(message.id)
      before = { id: message.id, unix }
    }
  })

  it('tells where each identifier stands in the flattened text', async () => {
    const { bytes, truth } = await generate({ identifiers: 40, events: [{ type: 'invite', linkSeed: 'x' }] })
    const byId = new Map(messagesOf(bytes).map((message) => [message.id, flat(message)]))
    expect(truth.identifiers.length).toBe(41)
    const plainForms = truth.identifiers.filter(
      ({ kind, spelling }) => kind !== 'phone' || spelling === 'international-joined',
    )
    for (const { messageId, start, end, value } of plainForms) {
      expect(byId.get(messageId)?.slice(start, end).replace('https://', '')).toBe(value)
    }
  })

  it('places events in order, a pin right after what it pins', async () => {
    const { bytes, truth } = await generate({
      firstTitle: 'Dulu',
      title: 'Kini',
      events: [{ type: 'invite', linkSeed: 'x' }, { type: 'pin' }, { type: 'title', title: 'Kini' }],
    })
    const events = JSON.parse(bytes.toString('utf8')).messages.filter((message: { action?: string }) =>
      ['create_channel', 'pin_message', 'edit_group_title'].includes(message.action ?? ''),
    )
    const invite = truth.identifiers.find((each) => each.kind === 'invite')
    expect(
      events.map((event: { title?: string; message_id?: number }) => event.title ?? event.message_id),
    ).toEqual(['Dulu', invite?.messageId, 'Kini'])
  })
})

describe('pictures of a generated export', () => {
  it('are there with the size the message states, except those that are said not to be', async () => {
    const { dir, bytes, truth } = await generate({
      pictures: 20,
      plant: [
        { entry: 'A', scene: 1, edits: ['exact', 'turned-90'] },
        { entry: 'A', scene: 1, edits: ['resized'], state: 'missing' },
        { entry: null, scene: 3, edits: ['exact'], forwardedFrom: 'Lain' },
      ],
      faults: { missing: 2, 'not-included': 3, 'truncated-jpeg': 1 },
    })
    const states = { missing: 0, 'not-included': 0, damaged: 0, present: 0 }
    for (const message of messagesOf(bytes)) {
      if (message.photo === undefined) continue
      const file = message.photo.startsWith('(')
        ? null
        : await readFile(join(dir, message.photo)).catch(() => null)
      if (message.photo.startsWith('(')) states['not-included']++
      else if (file === null) states.missing++
      else if (await isWhole(file)) {
        states.present++
        const { width, height } = await sharp(file).metadata()
        expect(message).toMatchObject({ width, height, photo_file_size: file.length })
      } else states.damaged++
    }
    expect(states).toEqual({ missing: 3, 'not-included': 3, damaged: 1, present: 13 })
    expect(truth.attachments.missing).toBe(3)
    expect(truth.attachments.present).toBe(14)
    expect(
      truth.copies.map(({ entry, edit, state, forwardedFrom }) => [entry, edit, state, forwardedFrom]).sort(),
    ).toEqual([
      [null, 'exact', 'present', 'Lain'],
      ['A', 'exact', 'present', null],
      ['A', 'resized', 'missing', null],
      ['A', 'turned-90', 'present', null],
    ])
  })

  it('plants an exact copy with the bytes of the original', async () => {
    const { dir, truth } = await generate({
      pictures: 3,
      plant: [{ entry: 'A', scene: 7, edits: ['exact'] }],
    })
    const copy = await readFile(join(dir, truth.copies[0]?.path ?? ''))
    expect(sha256(copy)).toBe(sha256((await originalPicture(7, SMALL)).bytes))
  })
})

describe('faults of a generated export', () => {
  it('stand at the byte offsets the truth names', async () => {
    const { bytes, truth } = await generate({ faults: { ctrl: 2, ls: 2 } })
    expect(truth.faults.map((fault) => fault.kind).sort()).toEqual(['ctrl', 'ctrl', 'ls', 'ls'])
    for (const { kind, offset } of truth.faults) {
      const at = offset ?? 0
      const found = bytes.subarray(at, at + (kind === 'ctrl' ? 4 : 8)).toString('latin1')
      expect(found).toBe(kind === 'ctrl' ? '\\x0B' : '\\u2028\x80\xa8')
    }
    expect(() => JSON.parse(bytes.toString('utf8'))).toThrow(SyntaxError)
  })
})

describe('generating an export', () => {
  it('refuses a folder with something in it, and a truth file that is there, and touches neither', async () => {
    const dir = await temporaryFolder()
    await writeFile(join(dir, 'diary.txt'), 'mine')
    const options = { dir, seed: 'x', messages: 10, pictures: 0 }
    await expect(generateExport(options)).rejects.toMatchObject({ code: 'OUTPUT_NOT_EMPTY' })
    expect(await readdir(dir)).toEqual(['diary.txt'])
    const truthPath = join(dir, 'diary.txt')
    await expect(generateExport({ ...options, dir: join(dir, 'new'), truthPath })).rejects.toMatchObject({
      code: 'OUTPUT_NOT_EMPTY',
    })
    expect(await readFile(truthPath, 'utf8')).toBe('mine')
  })

  it('says so when the folder cannot be written', async () => {
    const dir = await temporaryFolder()
    await writeFile(join(dir, 'file'), '')
    const options = { dir: join(dir, 'file', 'export'), seed: 'x', messages: 10, pictures: 0 }
    await expect(generateExport(options)).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' })
  })

  it('leaves nothing behind when it is stopped half-way', async () => {
    const parent = await temporaryFolder()
    const empty = join(parent, 'was-there')
    await mkdir(empty)
    for (const dir of [join(parent, 'new'), empty]) {
      const stop = new AbortController()
      const options = { dir, seed: 'x', messages: 60, pictures: 20, pictureSize: SMALL, signal: stop.signal }
      const onProgress = (done: number) => {
        if (done > 20) stop.abort()
      }
      await expect(generateExport({ ...options, onProgress })).rejects.toMatchObject({ code: 'ABORTED' })
    }
    expect(await readdir(parent)).toEqual(['was-there'])
    expect(await readdir(empty)).toEqual([])
  })

  it('refuses counts that cannot be met, before it writes', async () => {
    const dir = join(await temporaryFolder(), 'export')
    const wrong: Partial<GenerateOptions>[] = [
      { messages: -1 },
      { messages: 1_000_001 },
      { messages: 1.5 },
      { messages: 10, pictures: 11 },
      { messages: 10, pictures: 10 },
      { messages: 10, pictures: 5, identifiers: 5 },
      { pictures: 1, plant: [{ entry: 'A', scene: 1, edits: ['exact', 'resized'] }] },
      { pictures: 2, faults: { missing: 3 } },
      { members: 0 },
    ]
    for (const options of wrong) {
      const made = generateExport({ dir, seed: 'x', messages: 100, pictures: 0, ...options })
      await expect(made).rejects.toMatchObject({ code: 'OPTION_RANGE' })
    }
    await expect(stat(dir)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('makes an export without messages, and one with a picture in every place there is', async () => {
    expect(messagesOf((await generate({ messages: 0 })).bytes)).toEqual([])
    expect(messagesOf((await generate({ messages: 1 })).bytes).length).toBe(1)
    const full = messagesOf((await generate({ messages: 5, pictures: 4, identifiers: 0 })).bytes)
    expect(full.filter((message) => message.photo !== undefined).length).toBe(4)
  })
})

async function isWhole(file: Buffer): Promise<boolean> {
  return sharp(file, { failOn: 'error' })
    .raw()
    .toBuffer()
    .then(
      () => true,
      () => false,
    )
}
