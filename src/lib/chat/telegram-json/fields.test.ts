import { expect, it } from 'vitest'
import { readOne, readSample, sampleExport, sampleMessage, warningsOf } from './sample.ts'

const AT = { utcMs: 1_700_000_001_000, local: '2023-11-15T06:13:21', precision: 's', zone: 'utc' }

it('maps a plain message', async () => {
  expect(await readOne({})).toEqual({
    seq: 0,
    kind: 'message',
    placeKey: 'tg:channel:1234567890',
    id: '1',
    sentAt: AT,
    authorKey: 'tg:user:1000000001',
    authorName: 'Ahli Satu',
    text: 'apa khabar 1',
    entities: [],
    attachments: [],
    raw: { file: 'result.json', start: 96, end: 375 },
  })
})

it('maps edits, forwards and replies', async () => {
  const edited = await readOne({ edited: '2023-11-15T06:13:22', edited_unixtime: '1700000002' })
  expect(edited.editedAt).toEqual({ ...AT, utcMs: 1_700_000_002_000, local: '2023-11-15T06:13:22' })
  expect((await readOne({ forwarded_from: 'Asal' })).forward).toEqual({ name: 'Asal' })
  expect((await readOne({ forwarded_from: null })).forward).toEqual({})
  const known = { forwarded_from: 'Asal', forwarded_from_id: 'channel9' }
  expect((await readOne(known)).forward).toEqual({ name: 'Asal', accountKey: 'tg:channel:9' })
  expect((await readOne({ saved_from: 'Simpanan' })).forward).toEqual({ name: 'Simpanan' })
  expect((await readOne({ reply_to_message_id: 7 })).replyTo).toEqual({ id: '7' })
  const elsewhere = { reply_to_message_id: 7, reply_to_peer_id: 'channel5' }
  expect((await readOne(elsewhere)).replyTo).toEqual({ id: '7', placeKey: 'tg:channel:5' })
})

it.each([
  ['user1', 'tg:user:1'],
  ['channel22', 'tg:channel:22'],
  ['chat333', 'tg:chat:333'],
  ['user1x', 'tg:id:user1x'],
  [4593758932, 'tg:id:4593758932'],
  [null, null],
  [{}, null],
])('makes of the sender id %j the key %j', async (fromId, key) => {
  expect((await readOne({ from_id: fromId })).authorKey).toBe(key)
})

it('keeps a sender without a name', async () => {
  expect(await readOne({ from: null })).toMatchObject({ authorName: null, authorKey: 'tg:user:1000000001' })
})

it('marks messages from before the migration, and leaves replies as shifted as ids', async () => {
  const message = await readOne({ id: -999_999_990, reply_to_message_id: -999_999_991 })
  expect(message).toMatchObject({ id: '-999999990', isMigrated: true, originalId: '10' })
  expect(message.replyTo).toEqual({ id: '-999999991' })
})

it('knows no UTC time in exports from before date_unixtime', async () => {
  const message = await readOne({ date_unixtime: undefined, text_entities: undefined })
  expect(message.sentAt).toEqual({
    utcMs: null,
    local: '2023-11-15T06:13:21',
    precision: 's',
    zone: 'unknown',
  })
  expect(message.text).toBe('apa khabar 1')
})

it('warns when local and UTC times do not fit one zone', async () => {
  const shifted = (id: number, hours: number) => {
    const local = new Date((1_700_000_000 + id + hours * 3600) * 1000).toISOString().slice(0, 19)
    return sampleMessage(id, { date: local })
  }
  const summer = [shifted(1, 1), shifted(2, 2), shifted(3, 1)]
  expect((await readSample(sampleExport(summer))).summary.warnings).toEqual([])
  const { summary } = await readSample(sampleExport([...summer, shifted(4, 5), shifted(5, 5)]))
  expect(summary.warnings).toEqual([{ code: 'TZ_INCONSISTENT', count: 2, firstAt: '4' }])
})

it.each([
  ['text', { text: ['a ', { type: 'link', text: 'https://example.org' }, '!'] }],
  [
    'text_entities',
    {
      text: ['a ', { type: 'link', text: 'https://example.org' }, '!'],
      text_entities: [
        { type: 'plain', text: 'a ' },
        { type: 'link', text: 'https://example.org' },
        { type: 'plain', text: '!' },
      ],
    },
  ],
])('flattens text out of %s', async (_, over) => {
  const message = await readOne({ text_entities: undefined, ...over })
  expect(message.text).toBe('a https://example.org!')
  expect(message.entities).toEqual([{ type: 'link', start: 2, end: 21 }])
})

it.each([
  ...['unknown', 'mention', 'hashtag', 'bot_command', 'link', 'email', 'bold', 'italic', 'code', 'pre'],
  ...['text_link', 'mention_name', 'phone', 'cashtag', 'underline', 'strikethrough', 'blockquote'],
  ...['bank_card', 'spoiler', 'custom_emoji'],
])('keeps the entity %s in UTF-16 units', async (type) => {
  const parts = [
    { type: 'plain', text: '👍 ' },
    { type, text: 'xyz', href: 'https://example.org/', user_id: 12, language: 'c' },
  ]
  const message = await readOne({ text: ['👍 ', parts[1]], text_entities: parts })
  expect(message.entities).toEqual([{ type, start: 3, end: 6, href: 'https://example.org/', userId: '12' }])
})

it('keeps both versions when text and text_entities differ', async () => {
  const forged = sampleMessage(1, { text: ['satu ', { type: 'bold', text: 'dua' }] })
  const { messages, summary } = await readSample(sampleExport([forged]))
  expect(messages[0]?.text).toBe('satu dua')
  expect(messages[0]?.entities).toEqual([{ type: 'bold', start: 5, end: 8 }])
  expect(messages[0]?.otherTexts).toEqual([{ field: 'text_entities', text: 'apa khabar 1' }])
  expect(warningsOf(summary)).toEqual({ TEXT_MISMATCH: 1 })
})

it('finds the difference in the smallest change of a plain text', async () => {
  const cases: [unknown, unknown][] = [
    ['apa khabar 1', [{ type: 'plain', text: 'apa khabar 2' }]],
    ['apa khabar 1', []],
    ['', [{ type: 'plain', text: 'x' }]],
    [
      'a',
      [
        { type: 'plain', text: 'a' },
        { type: 'plain', text: 'b' },
      ],
    ],
  ]
  for (const [text, entities] of cases) {
    const { summary } = await readSample(sampleExport([sampleMessage(1, { text, text_entities: entities })]))
    expect(warningsOf(summary), JSON.stringify(text)).toEqual({ TEXT_MISMATCH: 1 })
  }
  const bold = await readOne({
    text: [{ type: 'bold', text: 'a' }],
    text_entities: [{ type: 'bold', text: 'a' }],
  })
  expect(bold.entities).toHaveLength(1)
})

it('counts reactions and forgets who reacted', async () => {
  const message = await readOne({
    reactions: [
      { type: 'emoji', count: 3, emoji: '👍', recent: [{ from: 'Rahsia', from_id: 'user2', date: 'x' }] },
      { type: 'custom_emoji', count: 1, document_id: 'stickers/a.webp' },
      { type: 'paid', count: 2 },
    ],
  })
  expect(message.reactions).toEqual([
    { kind: 'emoji', value: '👍', count: 3 },
    { kind: 'custom_emoji', value: 'stickers/a.webp', count: 1 },
    { kind: 'paid', value: '', count: 2 },
  ])
  expect(JSON.stringify(message)).not.toContain('Rahsia')
})

it('keeps contacts, places and questions, where personal data are passed round', async () => {
  const contact = { first_name: 'Ujian', last_name: '', phone_number: '+1 202-555-0142' }
  expect((await readOne({ contact_information: contact })).contact).toEqual({
    firstName: 'Ujian',
    phone: '+1 202-555-0142',
  })
  const message = await readOne({
    place_name: 'Rumah',
    address: 'Jalan Ujian 1',
    location_information: { latitude: 3.5, longitude: 101.25 },
    poll: {
      question: 'Siapa?',
      closed: false,
      total_voters: 1,
      answers: [{ text: 'A', voters: 1, chosen: true }],
    },
    todo_list: { title: 'T', answers: [{ text: 'B', id: 1 }] },
    author: 'Tanda',
    via_bot: '@test_bot',
  })
  expect(message.otherTexts).toEqual([
    { field: 'place_name', text: 'Rumah' },
    { field: 'address', text: 'Jalan Ujian 1' },
    { field: 'author', text: 'Tanda' },
    { field: 'via_bot', text: '@test_bot' },
    { field: 'location_information', text: '3.5, 101.25' },
    { field: 'poll.question', text: 'Siapa?' },
    { field: 'poll.answers', text: 'A' },
    { field: 'todo_list.title', text: 'T' },
    { field: 'todo_list.answers', text: 'B' },
  ])
})

it('digs links out of buttons, games and invoices', async () => {
  const message = await readOne({
    inline_bot_buttons: [
      [
        { type: 'url', text: 'Sini', data: 'https://t.me/+abcdefgh' },
        { type: 'callback', text: 'X', data: 'go?u=https://example.org/a&b' },
      ],
      [
        { type: 'url', text: 'Y', data: 't.me/test_kumpulan' },
        { type: 'callback', text: 'Z', data: 'next' },
        null,
      ],
    ],
    game_link: 'https://t.me/test_bot?game=x',
    invoice_information: '{"title":"A","url":"https://example.net/pay"}',
  })
  expect(message.hiddenLinks).toEqual([
    'https://t.me/+abcdefgh',
    'https://example.org/a&b',
    't.me/test_kumpulan',
    'https://t.me/test_bot?game=x',
    'https://example.net/pay',
  ])
})

it.each([
  ['create_group', { title: 'T', members: ['A', null, 'B'] }],
  ['migrate_to_supergroup', {}],
  ['migrate_from_group', { title: 'T' }],
  ['invite_members', { members: ['A'] }],
  ['join_group_by_link', { inviter: 'Group' }],
  ['pin_message', { message_id: 4 }],
  ['set_messages_ttl', { period: 86400 }],
  ['clear_history', {}],
  ['topic_edit', { new_title: 'T' }],
  ['an_action_of_tomorrow', { amount: 4, isNew: true, nothing: null }],
])('keeps the service action %s with its fields', async (action, fields) => {
  const over = { from: undefined, from_id: undefined, text: '', text_entities: [], nested: { a: 1 } }
  const service = { type: 'service', actor: 'Ahli Dua', actor_id: 'user2', action, ...fields, ...over }
  const message = await readOne(service)
  expect(message).toMatchObject({ kind: 'service', authorKey: 'tg:user:2', authorName: 'Ahli Dua', text: '' })
  expect(message.service).toEqual({ action, actor: 'Ahli Dua', actor_id: 'user2', ...fields })
})

it('keeps the service message that has no action', async () => {
  const message = await readOne({ type: 'service', information_text: 'Selesai', text: '', text_entities: [] })
  expect(message.service).toEqual({ action: null, information_text: 'Selesai' })
  expect(message.otherTexts).toEqual([{ field: 'information_text', text: 'Selesai' }])
})

it('keeps unsupported messages and notes them as gaps', async () => {
  const text = sampleExport([{ id: 5, type: 'unsupported' }, sampleMessage(6, { type: 'hologram' })])
  const { messages, summary } = await readSample(text)
  expect(messages.map(({ kind, id }) => [kind, id])).toEqual([
    ['unsupported', '5'],
    ['unsupported', '6'],
  ])
  expect(summary.gaps.map(({ kind, start }) => [kind, start])).toEqual(
    messages.map((message) => ['unsupported', message.raw.start]),
  )
  expect(summary.counts.unsupported).toBe(2)
})

it('never lets keys of the input touch prototypes', async () => {
  const message = JSON.stringify(sampleMessage(1, { type: 'service', action: 'x' }))
  const hostile = message.replace(
    '{',
    '{"__proto__":{"action":"p","photo":"a"},"constructor":"c","toString":1,',
  )
  const { messages } = await readSample(
    `{"id":1,"type":"bot_chat","__proto__":{"x":1},"messages":[${hostile}]}`,
  )
  expect(messages[0]?.service?.action).toBe('x')
  expect(messages[0]?.service?.['constructor']).toBe('c')
  expect(messages[0]?.attachments).toEqual([])
  expect(Object.hasOwn(Object.prototype, 'photo') || Object.hasOwn(Object.prototype, 'x')).toBe(false)
  const whole = hostile.replace('"constructor"', '"\\u0063onstructor"')
  const again = await readSample(`{"id":1,"type":"bot_chat","messages":[${whole}]}`)
  expect(again.messages[0]?.service).toEqual(messages[0]?.service)
})
