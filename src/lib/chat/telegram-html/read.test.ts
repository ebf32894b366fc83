import { expect, it } from 'vitest'
import { digestOf, memoryTree, readAll, testReadOptions, toBytes } from '../testing/index.ts'
import { readTelegramHtml } from './index.ts'
import { codes, message, page, read, readOne, service, text } from './sample.ts'

it('reads a message with its time, sender, text and exact byte range', async () => {
  const one = message({ id: 7, body: text('Selamat 🙂 &amp; <strong>pagi</strong><br>&lt;b&gt; &#x41;') })
  const html = page(one)
  const { messages, summary } = await read({ 'messages.html': html })
  expect(messages).toEqual([
    {
      seq: 0,
      kind: 'message',
      placeKey: `tg:html:${digestOf(toBytes(html)).slice(0, 16)}`,
      id: '7',
      sentAt: {
        utcMs: Date.UTC(2025, 0, 15, 9, 59, 43),
        local: '15.01.2025 17:59:43 UTC+08:00',
        precision: 's',
        zone: 'offset',
      },
      authorKey: 'tg:name:Ali',
      authorName: 'Ali',
      text: 'Selamat 🙂 & pagi\n<b> A',
      entities: [{ type: 'bold', start: 13, end: 17 }],
      attachments: [],
      raw: { file: 'messages.html', start: expect.any(Number), end: expect.any(Number) },
    },
  ])
  const { start, end } = messages[0]?.raw ?? { start: 0, end: 0 }
  expect(new TextDecoder().decode(toBytes(html).subarray(start, end))).toBe(one.trim())
  expect(summary.places).toMatchObject([{ platform: 'telegram', titles: ['Group <one>'] }])
  expect(summary.sources[0]?.sha256).toBe(digestOf(toBytes(html)))
  expect(summary.warnings).toEqual([])
})

it('unescapes text once only, and keeps markup inert', async () => {
  const { messages } = await readOne(
    message({ body: text('&amp;lt;script&amp;gt; <script>alert(1)</script><a href="javascript:x">y</a>') }),
  )
  expect(messages[0]?.text).toBe('&lt;script&gt; y')
  expect(messages[0]?.entities).toEqual([{ type: 'text_link', start: 15, end: 16, href: 'javascript:x' }])
})

it('names every kind of entity', async () => {
  const { messages } = await readOne(
    message({
      body: text(
        [
          '<a href="https://t.me/test_one">@test_one</a>',
          '<a href="" onclick="return ShowHashtag(&quot;x&quot;)">#x</a>',
          '<a href="" onclick="return ShowBotCommand(&quot;x&quot;)">/x</a>',
          '<a href="https://example.org/">example.org/</a>',
          '<a href="mailto:a@example.org">a@example.org</a>',
          '<a href="tel:+12025550100">+12025550100</a>',
          '<a href="" onclick="return ShowMentionName()">Siti</a>',
          '<em>i</em>',
          '<code>c</code>',
          '<pre>p</pre>',
          '<u>u</u>',
          '<s>s</s>',
          '<blockquote>q</blockquote>',
          '<span class="spoiler hidden" onclick="ShowSpoiler(this)"><span aria-hidden="true">h</span></span>',
        ].join(' '),
      ),
    }),
  )
  const read = messages[0]
  expect(read?.entities.map((entity) => [entity.type, read.text.slice(entity.start, entity.end)])).toEqual([
    ['mention', '@test_one'],
    ['hashtag', '#x'],
    ['bot_command', '/x'],
    ['link', 'example.org/'],
    ['email', 'a@example.org'],
    ['phone', '+12025550100'],
    ['mention_name', 'Siti'],
    ['italic', 'i'],
    ['code', 'c'],
    ['pre', 'p'],
    ['underline', 'u'],
    ['strikethrough', 's'],
    ['blockquote', 'q'],
    ['spoiler', 'h'],
  ])
})

it('carries the sender over joined messages, across date lines not, and flags more than 900 seconds', async () => {
  const at = (time: string) => `15.01.2025 ${time} UTC+08:00`
  const result = await readOne(
    message({ id: 1, from: 'Deleted Account', title: at('10:00:00') }),
    message({ id: 2, from: null, title: at('10:15:00') }),
    message({ id: 3, from: null, title: at('10:30:01') }),
    service(-5, '16 January 2025'),
    message({ id: 4, from: null, title: at('11:00:00') }),
  )
  expect(result.messages.map((one) => [one.id, one.authorKey])).toEqual([
    ['1', 'tg:name:Deleted Account'],
    ['2', 'tg:name:Deleted Account'],
    ['3', 'tg:name:Deleted Account'],
    ['4', null],
  ])
  expect(result.summary.warnings).toEqual([
    { code: 'AUTHOR_MISSING', count: 1, firstAt: '4' },
    { code: 'JOINED_TOO_LATE', count: 1, firstAt: '3' },
  ])
})

it('takes date lines for structure, service lines for service and unsupported ones for gaps', async () => {
  const result = await readOne(
    service(-1, '15 January 2025'),
    service(12, 'Ali created group &laquo;X&raquo;'),
    service(
      13,
      'This message is not supported by this version of Telegram Desktop. Please update the application.',
    ),
    service(-999_999_990, 'Ali invited Siti'),
  )
  expect(
    result.messages.map(({ seq, kind, id, text, sentAt }) => [seq, kind, id, text, sentAt.local]),
  ).toEqual([
    [0, 'service', '12', 'Ali created group «X»', '15 January 2025'],
    [1, 'unsupported', '13', '', '15 January 2025'],
    [2, 'service', '-999999990', 'Ali invited Siti', '15 January 2025'],
  ])
  expect(result.messages[2]).toMatchObject({ originalId: '10', isMigrated: true })
  expect(result.summary.counts).toMatchObject({ service: 2, unsupported: 1 })
  expect(result.summary.gaps).toMatchObject([{ kind: 'unsupported', detail: '13' }])
})

it('reads forwards with their date, and the same origin again when it is left out', async () => {
  const forward = (name: string) => `<div class="forwarded body">${name}${text('hello')}</div>`
  const named = forward(
    '<div class="from_name">\nOther via @test_bot <span class="date details" title="12.01.2025 10:00:00 UTC+08:00"> 12.01.2025 10:00:00</span></div>',
  )
  const { messages, summary } = await readOne(
    message({ id: 1, body: named }),
    message({ id: 2, from: null, body: forward('') }),
    message({ id: 3, body: text('own') }),
  )
  expect(messages.map((one) => one.forward)).toEqual([
    { name: 'Other', accountKey: 'tg:name:Other', atMs: Date.UTC(2025, 0, 12, 2) },
    { name: 'Other', accountKey: 'tg:name:Other' },
    undefined,
  ])
  expect(messages.map((one) => one.text)).toEqual(['hello', 'hello', 'own'])
  expect(messages[0]?.authorName).toBe('Ali')
  expect(summary.counts.forwarded).toBe(2)
})

it('reads replies on the same page, on another page, and in another chat', async () => {
  const reply = (inner: string) => `<div class="reply_to details">\nIn reply to ${inner}\n</div>`
  const { messages } = await readOne(
    message({
      id: 5,
      body: reply('<a href="#go_to_message3" onclick="return GoToMessage(3)">this message</a>'),
    }),
    message({ id: 6, body: reply('<a href="messages2.html#go_to_message-999999990">this message</a>') }),
    message({ id: 7, body: reply('a message in another chat') }),
  )
  expect(messages.map((one) => one.replyTo)).toEqual([{ id: '3' }, { id: '-999999990' }, undefined])
})

it('keeps both readings of an offset that may be summer time, and lets a stated zone decide', async () => {
  const html = { 'messages.html': page(message({ title: '15.07.2025 12:00:00 UTC+01:00' })) }
  const open = await read(html)
  expect(open.messages[0]?.sentAt).toMatchObject({
    utcMs: null,
    zone: 'offset',
    candidatesMs: [Date.UTC(2025, 6, 15, 10), Date.UTC(2025, 6, 15, 11)],
  })
  expect(codes(open)).toEqual(['SUMMER_TIME_AMBIGUOUS'])
  const stated = await read(html, { statedZone: 'Europe/Berlin' })
  expect(stated.messages[0]?.sentAt).toMatchObject({ utcMs: Date.UTC(2025, 6, 15, 10), zone: 'stated' })
  const half = await read({ 'messages.html': page(message({ title: '15.01.2025 12:00:00 UTC-03:30' })) })
  expect(half.messages[0]?.sentAt.candidatesMs).toEqual([
    Date.UTC(2025, 0, 15, 14, 30),
    Date.UTC(2025, 0, 15, 15, 30),
  ])
  const old = { 'messages.html': page(message({ title: '15.01.2025 12:00:00' })) }
  expect((await read(old)).messages[0]?.sentAt).toMatchObject({ utcMs: null, zone: 'unknown' })
  const oldStated = await read(old, { statedZone: 'Asia/Kuala_Lumpur' })
  expect(oldStated.messages[0]?.sentAt).toMatchObject({ utcMs: Date.UTC(2025, 0, 15, 4), zone: 'stated' })
  const wrong = await read({ 'messages.html': page(message({ title: '31.02.2025 12:00:00 UTC+08:00' })) })
  expect(codes(wrong)).toEqual(['DATE_FORM'])
})

it('reads media as shown and as described, and asks the tree for the files', async () => {
  const wrap = (inner: string) => `<div class="media_wrap clearfix">${inner}</div>`
  const generic = (classes: string, title: string, description: string, status: string, href?: string) =>
    wrap(
      `<${href ? `a href="${href}"` : 'div'} class="media clearfix pull_left ${classes}"><div class="fill pull_left"></div><div class="body"><div class="title bold">${title}</div><div class="description">${description}</div><div class="status details">${status}</div></div></${href ? 'a' : 'div'}>`,
    )
  const photo = 'photos/photo_1@15-01-2025_17-59-43.jpg'
  const bodies = [
    wrap(
      `<a class="photo_wrap clearfix pull_left" href="${photo}"><img class="photo" src="${photo}_thumb.jpg" style="width: 1px"/></a>`,
    ),
    wrap(
      '<a class="video_file_wrap clearfix pull_left" href="video_files/a.mp4"><div class="video_duration">01:02</div></a>',
    ),
    generic(
      'media_photo',
      'Photo',
      'Not included, change data exporting settings to download.',
      '640×480, 12.0 KB',
    ),
    generic(
      'media_video',
      'Video message',
      'Exceeds maximum size, change data exporting settings to download.',
      '00:07, 1.0 MB',
    ),
    generic(
      'media_voice_message',
      'Voice message',
      'Unavailable, please try again later.',
      '1:00:07, 1.0 MB',
    ),
    generic('media_file', 'plan.pdf', '', '1.0 MB', 'files/pl%20an.pdf'),
    generic('media_photo', 'Self-destructing photo', '', 'Expired'),
    generic('media_file', 'x', '', '', '../../etc/passwd'),
    generic('media_contact', 'Siti Test', '', '+60 12-000 0000 - vCard', 'contacts/contact_1.vcf'),
    generic('media_location', 'Location', '', '1.0, 2.0', 'https://maps.example.org/?q=1,2'),
    wrap(
      '<div class="media_poll"><div class="question bold">Who?</div><div class="answer">- A <span class="details">1 vote</span></div></div>',
    ),
  ]
  const { messages, summary } = await read(
    { 'messages.html': page(...bodies.map((body, i) => message({ id: i + 1, body }))) },
    {},
    { [photo]: 'x', 'files/pl an.pdf': 'y' },
  )
  expect(messages.map((one) => one.attachments)).toEqual([
    [
      { kind: 'photo', state: 'present', path: photo },
      { kind: 'thumbnail', state: 'missing', path: `${photo}_thumb.jpg` },
    ],
    [{ kind: 'video', state: 'missing', path: 'video_files/a.mp4', seconds: 62 }],
    [{ kind: 'photo', state: 'not-included', width: 640, height: 480 }],
    [{ kind: 'round', state: 'too-large', seconds: 7 }],
    [{ kind: 'voice', state: 'unavailable', seconds: 3607 }],
    [{ kind: 'file', state: 'present', path: 'files/pl an.pdf', fileName: 'plan.pdf' }],
    [{ kind: 'photo', state: 'unavailable' }],
    [{ kind: 'file', state: 'refused', fileName: 'x' }],
    [{ kind: 'contact-card', state: 'missing', path: 'contacts/contact_1.vcf' }],
    [],
    [],
  ])
  expect(messages[8]?.contact).toEqual({ firstName: 'Siti Test', phone: '+60 12-000 0000' })
  expect(messages[9]?.hiddenLinks).toEqual(['https://maps.example.org/?q=1,2'])
  expect(messages[10]?.otherTexts).toEqual([
    { field: 'question', text: 'Who?' },
    { field: 'answer', text: 'A' },
  ])
  expect(summary.warnings).toEqual([{ code: 'PATH_HOSTILE', count: 1, firstAt: '8' }])
})

it('tells a link or a bomb in the export from a hostile path', async () => {
  const link = (href: string) =>
    `<div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" href="${href}"></a></div>`
  const html = page(
    message({ id: 1, body: link('photos/a.jpg') }),
    message({ id: 2, body: link('../a.jpg') }),
  )
  const tree = memoryTree(
    { 'messages.html': html },
    { refused: [{ path: 'photos/a.jpg', code: 'ENTRY_TYPE' }] },
  )
  const source = await tree.open('messages.html')
  const { summary } = await readAll(readTelegramHtml(tree, source ? [source] : [], testReadOptions()))
  expect(summary.warnings).toEqual([
    { code: 'ENTRY_TYPE', count: 1, firstAt: '1' },
    { code: 'PATH_HOSTILE', count: 1, firstAt: '2' },
  ])
})

it('keeps what bots, signatures, buttons and reactions say, but not who reacted', async () => {
  const { messages } = await readOne(
    message({
      from: 'Channel via @test_bot',
      body: `${text('x')}<div class="signature details">\nSiti\n</div>
        <table class="bot_buttons_table"><tr><td><a href="https://example.org/hidden">Go</a></td></tr></table>
        <span class="reactions"><span class="reaction"><span class="emoji">👍</span><span class="count">12</span></span>
        <span class="reaction"><span class="emoji">🔥</span><span class="userpics"><div class="userpic" title="Ali"></div><div class="userpic" title="Siti"></div></span></span></span>`,
    }),
  )
  expect(messages[0]).toMatchObject({
    authorName: 'Channel',
    otherTexts: [
      { field: 'via_bot', text: '@test_bot' },
      { field: 'signature', text: 'Siti' },
      { field: 'button', text: 'Go' },
    ],
    hiddenLinks: ['https://example.org/hidden'],
    reactions: [
      { kind: 'emoji', value: '👍', count: 12 },
      { kind: 'emoji', value: '🔥', count: 2 },
    ],
  })
})

it('reads pages one after the other and says which are missing', async () => {
  const result = await read({
    'messages.html': page(message({ id: 1, body: text('a') })),
    'messages2.html': page(message({ id: 2, from: null, body: text('b') })),
    'messages4.html': page(message({ id: 2, body: text('c') })),
  })
  expect(result.messages.map((one) => [one.seq, one.text, one.authorName, one.raw.file])).toEqual([
    [0, 'a', 'Ali', 'messages.html'],
    [1, 'b', 'Ali', 'messages2.html'],
    [2, 'c', 'Ali', 'messages4.html'],
  ])
  expect(result.summary.warnings).toEqual([
    { code: 'DUPLICATE_ID', count: 1, firstAt: '2' },
    { code: 'PAGE_MISSING', count: 1, firstAt: '3' },
  ])
})
