import fc from 'fast-check'
import { LinkifyIt } from 'linkify-it'
import { describe, expect, it } from 'vitest'
import { displayLink, findLinks, maskLink, parseLink } from './index.ts'

function found(text: string): string[] {
  return findLinks(text).map((link) => `${text.slice(link.start, link.end)} -> ${link.target}`)
}

describe('findLinks', () => {
  it.each([
    ['masuk t.me/test_user ya', ['t.me/test_user -> tg:@test_user']],
    [
      '(https://t.me/test_user), t.me/other_user.',
      ['https://t.me/test_user -> tg:@test_user', 't.me/other_user -> tg:@other_user'],
    ],
    ['群t.me/test_user谢谢', ['t.me/test_user -> tg:@test_user']],
    ['குழு:t.me/test_user', ['t.me/test_user -> tg:@test_user']],
    ['grup:t.me/test_user', ['t.me/test_user -> tg:@test_user']],
    ['link:https://t.me/test_user', ['https://t.me/test_user -> tg:@test_user']],
    ['go tg:resolve?domain=test_user now', ['tg:resolve?domain=test_user -> tg:@test_user']],
    ['go tg://join?invite=AbCdEfGh12!', ['tg://join?invite=AbCdEfGh12 -> tg:invite:AbCdEfGh12']],
    ['test_user.t.me', ['test_user.t.me -> tg:@test_user']],
    ['at telegram.dog/test_user', ['telegram.dog/test_user -> tg:@test_user']],
    ['see t(.)me/test_user', ['t(.)me/test_user -> tg:@test_user']],
    ['see t [dot] me/test_user', ['t [dot] me/test_user -> tg:@test_user']],
    ['see hxxps[:]//t[.]me/+AbCdEfGh12.', ['hxxps[:]//t[.]me/+AbCdEfGh12 -> tg:invite:AbCdEfGh12']],
    ['ｔ．ｍｅ／ｔｅｓｔ＿ｕｓｅｒ', ['ｔ．ｍｅ／ｔｅｓｔ＿ｕｓｅｒ -> tg:@test_user']],
    ['x t\u200b.me/test_user\u202e y', ['t\u200b.me/test_user -> tg:@test_user']],
    ['\u0430pple.com/x', ['\u0430pple.com/x -> xn--pple-43d.com/x']],
    ['<a href="https://example.org/a">', ['https://example.org/a -> example.org/a']],
    ['tg: test', []],
    ['pukul 10.30, RM2.50, v1.2.3, e.g this', []],
    ['mail a@example.org', []],
    ['...a..b...', []],
    ['', []],
  ])('%j', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it('reads an unbroken link as linkify-it does, without asking it', () => {
    const linkify = new LinkifyIt({ fuzzyLink: true })
    const path = fc.string({ unit: fc.constantFrom(...'abcXYZ019/_-.=&?%+'), maxLength: 12 })
    const host = fc.constantFrom('t.me', 'example.org', 'a-b.example.com', 'mega.nz', 'wa.me', 'x.y.z.my')
    fc.assert(
      fc.property(
        fc.constantFrom('http://', 'https://', 'HTTPS://', ''),
        host,
        path,
        (scheme, name, tail) => {
          const text = `${scheme}${name}/${tail}`
          const expected = linkify.match(text)?.map((match) => match.raw)
          expect(findLinks(text).map((link) => link.raw)).toEqual(expected)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('gives raw text exactly as it stands, for any surroundings', () => {
    const piece = fc.constantFrom(
      't.me/test_user',
      'hxxps://example[.]org/a',
      '文',
      'a',
      ' ',
      '.',
      '\u200b',
      '(',
      '@',
      '\ud800',
      'ｔ．ｍｅ／ａｂｃｄ',
      'http://',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        let last = 0
        for (const link of findLinks(text)) {
          expect(link.raw).toBe(text.slice(link.start, link.end))
          expect(link.start).toBeGreaterThanOrEqual(last)
          last = link.end
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('displayLink', () => {
  it.each([
    ['https://t.me/test_user', 't[.]me/test_user'],
    ['hxxp://t(.)me/test_user', 't[.]me/test_user'],
    ['t.me/+60120000123', 't[.]me/+60 12-••• ••23'],
    ['wa.me/60120000123?text=0120000456', 'wa[.]me/+60 12-••• ••23?text=+60 12-••• ••56'],
    ['tg://resolve?phone=60120000123', 'tg[:]//resolve?phone=+60 12-••• ••23'],
    ['t.me/c/1120000123/45', 't[.]me/c/1120000123/45'],
    ['example.org/p/012-000%200123', 'example[.]org/p/+60 12-••• ••23'],
    ['example.org/%30120000123', 'example[.]org/+60 12-••• ••23'],
    ['example.org/0120000123456', 'example[.]org/0120000123456'],
    ['https://user:pass@evil.example/x', 'evil[.]example/x'],
    ['\u0430pple.example/ä', 'xn--pple-43d[.]example/%C3%A4'],
    ['t.me/test_user\u202e\u200b', 't[.]me/test_user (hidden marks: U+202E, U+200B)'],
    ['example.org/a?u=evil.example', 'example[.]org/a?u=evil[.]example'],
  ])('shows %j as %j', (text, shown) => {
    const link = parseLink(text)
    expect(link === null ? null : displayLink(link)).toBe(shown)
  })

  it('leaves nothing that a program would make a link of, and only plain characters', () => {
    const linkify = new LinkifyIt({ fuzzyLink: true })
    const tail = fc.string({ unit: 'binary', maxLength: 30 })
    fc.assert(
      fc.property(
        fc.constantFrom('t.me/', 'https://example.org/', 'tg://resolve?', 'wa.me/6'),
        tail,
        (head, rest) => {
          for (const link of findLinks(`${head}${rest}`)) {
            const shown = displayLink(link)
            expect(shown).toMatch(/^[\x20-\x7e•…]*$/)
            expect(linkify.match(shown)).toBeNull()
            expect(linkify.match(maskLink(link))).toBeNull()
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('keeps the secret part of a link out of the form that is stored', () => {
    for (const [text, masked] of [
      ['t.me/+AbCdEfGhIjKl', 't[.]me/+Ab…'],
      ['https://mega.nz/folder/AbCdEf#key', 'mega[.]nz/fol…'],
      ['tg://join?invite=AbCdEfGhIjKl', 'tg[:]//join?inv…'],
      ['discord.gg/abc', 'discord[.]gg/a…'],
      ['example.org', 'example[.]org'],
    ] as const) {
      const link = parseLink(text)
      expect(link === null ? null : maskLink(link)).toBe(masked)
    }
  })
})
