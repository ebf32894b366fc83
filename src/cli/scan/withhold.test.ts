import { expect, it } from 'vitest'
import type { ChatReader, Message } from '#lib/chat/index.ts'
import type { LocalTree } from '../source/index.ts'
import { findWithheld, hideFiles, isWithheld, pathKey } from './withhold.ts'

const FILES = ['result.json', 'photos/a.jpg', 'photos/b.jpg', 'files/a.jpg']

function tree(): LocalTree {
  return {
    name: 'export',
    refused: [],
    files: async () => FILES.map((path) => ({ path, sizeBytes: 1 })),
    open: async (path) => ({ path, sizeBytes: 1, slice: async () => new Uint8Array(1) }),
    state: () => 'present',
    read: async () => new Uint8Array(1),
    close: async () => undefined,
  }
}

const message = (id: string | null, ...paths: string[]): Message => ({
  seq: 0,
  kind: 'message',
  placeKey: 'p',
  id,
  sentAt: { utcMs: null, local: null, precision: 's', zone: 'unknown' },
  authorKey: null,
  authorName: null,
  text: '',
  entities: [],
  attachments: paths.map((path) => ({ kind: 'photo', state: 'present', path })),
  raw: { file: 'result.json', start: 0, end: 1 },
})

function readerOf(...messages: Message[]): () => Promise<ChatReader> {
  const reader: ChatReader = {
    format: 'telegram-json',
    async *batches() {
      yield messages
    },
    summary: () => {
      throw new Error('nobody asks')
    },
  }
  return async () => reader
}

it('finds the files of a message by its number, and files by path or name', async () => {
  const read = readerOf(message('7', 'photos/a.jpg'), message(null, 'photos/b.jpg'))
  expect([...(await findWithheld(tree(), new Set(['7']), read)).pathKeys]).toEqual(['photos/a.jpg'])
  expect([...(await findWithheld(tree(), new Set(['photos/b.jpg']), read)).pathKeys]).toEqual([
    'photos/b.jpg',
  ])
  const byName = await findWithheld(tree(), new Set(['a.jpg']), read)
  expect([...byName.pathKeys]).toEqual(['photos/a.jpg', 'files/a.jpg'])
})

it('searches the messages although a posted file is named like one', async () => {
  const posted: LocalTree = {
    ...tree(),
    files: async () => [...FILES, 'files/7'].map((path) => ({ path, sizeBytes: 1 })),
  }
  const read = readerOf(message('7', 'photos/a.jpg'))
  expect([...(await findWithheld(posted, new Set(['7']), read)).pathKeys]).toEqual([
    'files/7',
    'photos/a.jpg',
  ])
})

it('refuses a number or name that is nowhere, also beside one that is there', async () => {
  for (const names of [['8'], ['7', '8'], ['a.jpg', 'none.jpg'], ['']]) {
    const found = findWithheld(tree(), new Set(names), readerOf(message('7', 'photos/a.jpg')))
    await expect(found, names.join()).rejects.toMatchObject({ code: 'WITHHOLD_UNKNOWN' })
  }
})

it('knows a withheld attachment by its message and by its file', async () => {
  const read = readerOf(message('7', 'photos/a.jpg'), message('9', 'photos/a.jpg'))
  const withheld = await findWithheld(tree(), new Set(['7']), read)
  expect(isWithheld(withheld, '7', undefined)).toBe(true)
  expect(isWithheld(withheld, '9', 'photos/a.jpg')).toBe(true)
  expect(isWithheld(withheld, '9', 'photos/b.jpg')).toBe(false)
  expect(isWithheld(withheld, null, undefined)).toBe(false)
})

it('hides files so that nothing can open them', async () => {
  const hidden = hideFiles(tree(), new Set(['photos/a.jpg']))
  expect((await hidden.files()).map(({ path }) => path)).toEqual([
    'result.json',
    'photos/b.jpg',
    'files/a.jpg',
  ])
  expect(await hidden.open('photos/a.jpg')).toBeNull()
  expect(hidden.state('photos/a.jpg')).toBe('missing')
  await expect(hidden.read('photos/a.jpg', 10)).rejects.toMatchObject({ code: 'FILE_REFUSED' })
  expect(await hidden.read('photos/b.jpg', 10)).toHaveLength(1)
})

it('withholds every spelling of a name, and goes through no folder of pictures', async () => {
  const withheld = await findWithheld(tree(), new Set(['7']), readerOf(message('7', './photos//A.JPG')))
  expect(isWithheld(withheld, '9', 'photos/a.jpg')).toBe(true)
  expect(await hideFiles(tree(), withheld.pathKeys).open('photos/a.jpg')).toBeNull()
  expect(pathKey('photos/\u00e9.jpg')).toBe(pathKey('photos/e\u0301.jpg'))
  const pictures: ChatReader = { ...(await readerOf()()), format: 'pictures' }
  const untouched = { ...pictures, batches: () => expect.unreachable('a picture would be read') }
  await expect(findWithheld(tree(), new Set(['7']), async () => untouched)).rejects.toMatchObject({
    code: 'WITHHOLD_UNKNOWN',
  })
})
