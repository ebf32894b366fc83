import { expect, it } from 'vitest'
import { ChatError } from '../errors.ts'
import { memorySource } from '../testing/index.ts'
import { inspectTelegramJson } from './index.ts'
import { readSample, SAMPLE_HEADER, sampleExport, sampleMessage, warningsOf } from './sample.ts'

const SECRET = '+1 202-555-0142'

function fullAccount(first: string): string {
  const account = {
    about: 'Here is the data you requested.',
    [first]: { user_id: 1, first_name: SECRET, phone_number: SECRET },
    contacts: { list: [{ phone_number: SECRET }] },
    chats: { about: SECRET, list: [{ ...SAMPLE_HEADER, messages: [sampleMessage(1)] }] },
  }
  return JSON.stringify(account, null, 1)
}

it.each([
  ['saved_messages', 'tg:user:5', 'dm'],
  ['replies', 'tg:user:5', 'dm'],
  ['verification_codes', 'tg:user:5', 'dm'],
  ['personal_chat', 'tg:user:5', 'dm'],
  ['bot_chat', 'tg:user:5', 'dm'],
  ['private_group', 'tg:chat:5', 'group'],
  ['private_supergroup', 'tg:channel:5', 'supergroup'],
  ['public_supergroup', 'tg:channel:5', 'supergroup'],
  ['private_channel', 'tg:channel:5', 'channel'],
  ['public_channel', 'tg:channel:5', 'channel'],
  ['', 'tg:unknown:5', 'unknown'],
  [null, 'tg:unknown:5', 'unknown'],
])('names the place of a chat of type %j %s', async (type, key, kind) => {
  const { messages, summary } = await readSample(sampleExport([sampleMessage(1)], { type, id: 5 }))
  expect(messages[0]?.placeKey).toBe(key)
  expect(summary.places).toEqual([{ key, platform: 'telegram', kind, ids: ['5'], titles: [] }])
})

it('reads the header wherever it stands', async () => {
  const list = JSON.stringify([sampleMessage(1)])
  const orders = [
    `{"messages":${list},"name":"N","type":"public_channel","id":7}`,
    `{"type":"public_channel","messages":${list},"id":7,"name":"N"}`,
    `{"id":7,"type":"public_channel","name":"N","messages":${list},"other":{"a":[1]}}`,
  ]
  for (const text of orders) {
    const { messages, summary } = await readSample(text, { windowBytes: 64 })
    expect(messages.map((message) => message.placeKey)).toEqual(['tg:channel:7'])
    expect(summary.places[0]).toMatchObject({ kind: 'channel', ids: ['7'], titles: ['N'] })
  }
})

it('takes a name that comes after the messages into the titles', async () => {
  const text = `{"id":7,"type":"public_channel","messages":[{"id":1,"type":"message"}],"name":"N"}`
  expect((await readSample(text)).summary.places[0]?.titles).toEqual(['N'])
})

it('gives exports without id different places', async () => {
  const keys = new Set<string | undefined>()
  for (const id of [1, 2]) {
    const { messages } = await readSample(sampleExport([sampleMessage(id)], {}))
    keys.add(messages[0]?.placeKey)
  }
  expect(keys.size).toBe(2)
})

it('collects the titles service messages give', async () => {
  const service = (id: number, action: string, title: string) =>
    sampleMessage(id, { type: 'service', action, title, text: '', text_entities: [] })
  const messages = [service(1, 'create_channel', 'Pertama'), service(2, 'edit_group_title', 'Kedua')]
  const { summary } = await readSample(sampleExport([...messages, service(3, 'topic_created', 'Bukan')]))
  expect(summary.places[0]?.titles).toEqual(['Kumpulan Ujian', 'Pertama', 'Kedua'])
})

it('reads a name with the defects of the exporter', async () => {
  const text = sampleExport([], SAMPLE_HEADER).replace('Kumpulan Ujian', 'A\\\\x0BB')
  expect((await readSample(text)).summary.places[0]?.titles).toEqual(['A\\x0BB'])
  const broken = sampleExport([], SAMPLE_HEADER).replace('Kumpulan Ujian', 'A\\x0BB')
  expect((await readSample(broken)).summary.places[0]?.titles).toEqual(['A\u000bB'])
})

it('refuses the export of a full account without showing anything of it', async () => {
  for (const first of ['personal_information', 'frequent_contacts', 'sessions', 'left_chats', 'stories']) {
    for (const windowBytes of [1, 1 << 20]) {
      const error = await readSample(fullAccount(first), { windowBytes }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ChatError)
      if (!(error instanceof ChatError)) continue
      expect(error.code).toBe('TG_FULL_ACCOUNT')
      expect(error.message).toContain(first)
      expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain(SECRET)
    }
  }
})

it('refuses it too when a list of messages comes first', async () => {
  const text = `{"messages":[],"id":1,"type":"bot_chat","contacts":{"a":"${SECRET}"}}`
  await expect(readSample(text)).rejects.toMatchObject({ code: 'TG_FULL_ACCOUNT' })
  await expect(readSample(`{"messages":[],"contacts":{}}`)).rejects.toMatchObject({ code: 'TG_FULL_ACCOUNT' })
})

it.each([
  ['{}', 'FORMAT_UNKNOWN'],
  ['{"name":"x"}', 'FORMAT_UNKNOWN'],
  ['{"messages":{"a":1}}', 'FORMAT_UNKNOWN'],
  ['[]', 'FORMAT_UNKNOWN'],
  ['', 'FORMAT_UNKNOWN'],
  ['hello', 'FORMAT_UNKNOWN'],
  ['{"name":"x"', 'JSON_DAMAGED'],
  ['{"name" "x"', 'JSON_DAMAGED'],
])('refuses %j with %s', async (text, code) => {
  await expect(readSample(text)).rejects.toMatchObject({ code })
})

it('warns of keys that come twice', async () => {
  const text = `{"id":1,"id":2,"type":"bot_chat","messages":[{"id":1,"type":"message","id":2}],"messages":[]}`
  const { messages, summary } = await readSample(text)
  expect(messages[0]).toMatchObject({ id: '2', placeKey: 'tg:user:2' })
  expect(warningsOf(summary)).toEqual({ DUPLICATE_KEY: 3 })
})

it('tells chats and accounts from other JSON', async () => {
  const inspect = (text: string) => inspectTelegramJson(memorySource('x', text))
  expect(await inspect(sampleExport([sampleMessage(1)]))).toBe('chat')
  expect(await inspect(`\ufeff${sampleExport([])}`)).toBe('chat')
  expect(await inspect(sampleExport([sampleMessage(1)], {}))).toBe('chat')
  expect(await inspect(sampleExport([sampleMessage(1)], { type: null, id: 3 }))).toBe('chat')
  expect(await inspect(fullAccount('personal_information'))).toBe('full-account')
  expect(await inspect('{"about":"x","chats":{')).toBe('full-account')
  const others = [
    '',
    '{',
    '{}',
    '[]',
    '{"a":1}',
    '{"guild":{},"messages":[]}',
    '{"messages":[{"content":"x"}]}',
  ]
  for (const text of others) expect(await inspect(text), text).toBeNull()
})

it('reads no more than it needs to tell', async () => {
  const source = memorySource('x', sampleExport(Array.from({ length: 3000 }, (_, i) => sampleMessage(i))))
  let readBytes = 0
  const counted = {
    ...source,
    slice: async (start: number, end: number) => {
      readBytes += end - start
      return await source.slice(start, end)
    },
  }
  expect(await inspectTelegramJson(counted)).toBe('chat')
  expect(readBytes).toBe(65_536)
})
