import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AppError } from '../../errors/index.ts'
import type { Message } from '../model.ts'
import { toBytes } from '../testing/index.ts'
import { message, page, read, readOne, service, text } from './sample.ts'

it('bounds what one message may cost and goes on after it', async () => {
  const kinds = async (body: string) => {
    const { messages, summary } = await readOne(
      message({ id: 1, body }),
      message({ id: 2, body: text('after') }),
    )
    expect(messages.map((one) => one.text)).toEqual(['after'])
    return summary.gaps.map((gap) => gap.kind)
  }
  expect(await kinds('<div>'.repeat(100))).toEqual(['nesting'])
  expect(await kinds(text('x'.repeat(5 << 20)))).toEqual(['too-large'])
  expect(await kinds(text('<b></b>'.repeat(60_000)))).toEqual(['too-large'])
  const attributes = Array.from({ length: 100_000 }, (_, i) => `a${i}=1`).join(' ')
  expect((await readOne(message({ body: text(`<i ${attributes}>x</i>`) }))).messages[0]?.text).toBe('x')
  const comment = await readOne(`<!--${'x'.repeat(1 << 20)}${message({ id: 9 })}-->`, message({ id: 2 }))
  expect(comment.messages.map((one) => one.id)).toEqual(['2'])
})

it('keeps complete messages of a page that was cut off', async () => {
  const html = page(message({ id: 1, body: text('a') }), message({ id: 2, body: text('b') }))
  const cut = html.slice(0, html.indexOf('b\n       </div>'))
  const { messages, summary } = await read({ 'messages.html': cut })
  expect(messages.map((one) => one.text)).toEqual(['a'])
  expect(summary.gaps).toMatchObject([{ kind: 'truncated', end: cut.length }])
})

it('reports the messages that something left open swallows, as a browser would', async () => {
  const [first, second, third] = [1, 2, 3].map((id) => message({ id, body: text('a') }))
  for (const opening of [
    '<!--',
    '<textarea>',
    '<title>',
    '<script>',
    '<style>',
    '<a href="',
    '<![CDATA[',
    '<p x',
  ]) {
    const html = page(`${first}`, `${opening}${second}`, `${third}`)
    const start = html.indexOf(opening, html.indexOf(`${first}`)) - 1
    for (const maxSliceBytes of [7, Number.POSITIVE_INFINITY]) {
      const { messages, summary } = await read({ 'messages.html': html }, {}, {}, { maxSliceBytes })
      const isWhole = !['<a href="', '<![CDATA[', '<p x'].includes(opening)
      expect(messages[0]?.id).toBe('1')
      expect(summary.gaps[0]).toMatchObject({ kind: 'truncated', file: 'messages.html', start })
      if (!isWhole) continue
      expect(messages).toHaveLength(1)
      expect(summary.gaps).toMatchObject([{ end: html.length }])
    }
  }
})

it('reports messages that were swallowed between others or by the one before, once', async () => {
  const [first, second, third] = [1, 2, 3].map((id) => message({ id, body: text('a') }))
  const between = page(`${first}<!--${second}-->${third}`)
  const found = await read({ 'messages.html': between })
  expect(found.messages.map((one) => one.id)).toEqual(['1', '3'])
  expect(found.summary.gaps).toEqual([
    {
      kind: 'truncated',
      file: 'messages.html',
      start: between.indexOf('<!--'),
      end: between.indexOf('-->') + '-->     '.length,
      detail: 'message on the page',
    },
  ])
  const within = page(message({ id: 1, body: text(`a<!--${second}-->`) }), `${third}`)
  const { messages, summary } = await read({ 'messages.html': within })
  expect(messages.map((one) => one.id)).toEqual(['1', '3'])
  expect(summary.gaps).toMatchObject([{ start: within.indexOf('id="message2'), end: messages[0]?.raw.end }])
  const toTheEnd = page(message({ id: 1, body: text('a<!--') }), `${second}`)
  const open = await read({ 'messages.html': toTheEnd })
  expect(open.summary.gaps).toMatchObject([
    { start: toTheEnd.indexOf('<div class="message'), end: toTheEnd.length },
  ])
})

it('reports a page of which no message came', async () => {
  const pages = { 'messages.html': page(message({})), 'messages2.html': 'x\0y\0' }
  const { messages, summary } = await read(pages)
  expect(messages).toHaveLength(1)
  expect(summary.gaps).toMatchObject([{ file: 'messages2.html', start: 0, end: 4 }])
})

it('replaces invalid UTF-8 and NUL, and says so', async () => {
  const bytes = toBytes(page(message({ body: text('@@') })))
  bytes[bytes.indexOf(64)] = 0xff
  bytes[bytes.indexOf(64)] = 0
  const { messages, summary } = await read({ 'messages.html': bytes })
  expect(messages[0]).toMatchObject({ text: '\ufffd\ufffd', isRepaired: true })
  expect(summary.repairs).toMatchObject([{ code: 'UTF8_INVALID' }])
})

it('gives the same messages at every window border', async () => {
  const html = {
    'messages.html': page(service(-1, '15 January 2025'), message({ body: text('é🙂 &amp; <b>x</b>') })),
  }
  const whole = await read(html)
  for (const maxSliceBytes of [1, 3, 8]) expect(await read(html, {}, {}, { maxSliceBytes })).toEqual(whole)
})

it('never throws an error without a code, whatever the bytes', async () => {
  const base = toBytes(
    page(
      service(-1, '15 January 2025'),
      message({ id: 1, body: text('a <b>b</b> &amp;') }),
      message({
        id: 2,
        from: null,
        body: '<div class="media_wrap clearfix"><a class="photo_wrap" href="photos/a.jpg"></a></div>',
      }),
    ),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { maxLength: 30 }),
      async (edits) => {
        const bytes = base.slice()
        for (const [at, value] of edits) bytes[at] = value
        try {
          const { messages } = await read({ 'messages.html': bytes })
          messages.forEach((one: Message, i) => {
            expect(one.seq).toBe(i)
            expect(one.raw.end).toBeGreaterThan(one.raw.start)
            for (const entity of one.entities) expect(entity.end).toBeLessThanOrEqual(one.text.length)
          })
        } catch (error) {
          if (!(error instanceof AppError)) throw error
        }
      },
    ),
    { numRuns: 200 },
  )
})
