import { describe, expect, it } from 'vitest'
import { extractIdentifiers, type Identifier } from './index.ts'

/** What was found as `kind slice value masked confidence`. */
function summary(text: string): string[] {
  return extractIdentifiers({ text, entities: [] }).map((found) => describeHit(text, found))
}

function describeHit(text: string, { kind, start, end, value, masked, confidence }: Identifier): string {
  return [kind, start === -1 ? '-' : text.slice(start, end), value, masked, confidence].join(' | ')
}

describe('MyKad numbers', () => {
  it.each([
    ['990228-14-5678', '990228-14-5678', 'possible'],
    ['990228 14 5678', '990228 14 5678', 'possible'],
    ['990228145678', '990228145678', 'possible'],
    ['990228-145678', '990228-145678', 'possible'],
    ['IC: 990228145678', '990228145678', 'likely'],
    ['no k/p dia 990228-14-5678', '990228-14-5678', 'likely'],
    ['990228-14-5678 (MyKad)', '990228-14-5678', 'likely'],
    ['身份证990228145678', '990228145678', 'likely'],
    ['அடையாள அட்டை 990228-14-5678', '990228-14-5678', 'likely'],
    ['ic990228145678', '990228145678', 'likely'],
    ['９９０２２８－１４－５６７８', '９９０２２８－１４－５６７８', 'possible'],
    ['99o228-14-5678', '99o228-14-5678', 'possible'],
  ])('finds the one in %j', (text, slice, confidence) => {
    expect(summary(text)).toEqual([`mykad | ${slice} | 990228145678 | ******-**-5678 | ${confidence}`])
  })

  it.each([
    '990231-14-5678',
    '010229-14-5678',
    '991301-14-5678',
    '990200-14-5678',
    ...'00 17 18 19 20 69 73 80 81 94 95 96 97'.split(' ').map((place) => `990228-${place}-5678`),
    '9902281456789',
    'x990228145678',
    '990228-14-5678-90',
    '990228.14.5678',
    '990228--14-5678',
  ])('does not take %j for one', (text) => {
    expect(summary(text).filter((hit) => hit.startsWith('mykad'))).toEqual([])
  })

  it('accepts 29 February of a leap year, as the century is unknown', () => {
    expect(summary('000229-14-5678')[0]).toContain('mykad')
  })

  it('reports both readings of twelve bare digits that start with 60, and one when a cue settles it', () => {
    expect(extractIdentifiers({ text: '601112345678', entities: [] }).map(({ kind }) => kind)).toEqual([
      'mykad',
      'phone',
    ])
    expect(extractIdentifiers({ text: '+601112345678', entities: [] }).map(({ kind }) => kind)).toEqual([
      'phone',
    ])
    expect(extractIdentifiers({ text: 'IC 601112345678', entities: [] }).map(({ kind }) => kind)).toEqual([
      'mykad',
    ])
  })
})

describe('handles', () => {
  it.each([
    ['@Test_User hai', '@Test_User', 'test_user', 'te…r', 'possible'],
    ['找@test_user聊', '@test_user', 'test_user', 'te…r', 'possible'],
    ['tele: @test_user', '@test_user', 'test_user', 'te…r', 'likely'],
    ['ig: testuser', 'testuser', 'testuser', 'te…r', 'possible'],
    ['ig: test.user', 'test.user', 'test.user', 'te…r', 'likely'],
    ['IG - @ab', '@ab', 'ab', 'a…', 'likely'],
    ['tiktok test_99', 'test_99', 'test_99', 'te…9', 'possible'],
    ['微信：test_123', 'test_123', 'test_123', 'te…3', 'likely'],
    ['微信test_123', 'test_123', 'test_123', 'te…3', 'possible'],
    ['t.me/Test_User', 't.me/Test_User', 'test_user', 'te…r', 'sure'],
    ['instagram.com/test.user', 'instagram.com/test.user', 'test.user', 'te…r', 'sure'],
  ])('%j', (text, slice, value, masked, confidence) => {
    expect(summary(text)).toEqual([['handle', slice, value, masked, confidence].join(' | ')])
  })

  it.each(['@abc', 'ok @ 5', 'a@', '@@', 'tiktok best', 'nota: esok', '@1234', 'tele dia', 'big: test_1'])(
    '%j has none',
    (text) => {
      expect(summary(text)).toEqual([])
    },
  )
})

describe('mail addresses, links and addresses', () => {
  it.each([
    ['a@example.org', 'email | a@example.org | a@example.org | a…@example.org | sure'],
    [
      'x Test.User@Example.org.',
      'email | Test.User@Example.org | test.user@example.org | t…@example.org | sure',
    ],
    [
      'test [at] example [dot] org',
      'email | test [at] example [dot] org | test@example.org | t…@example.org | sure',
    ],
    [
      'hxxps://t[.]me/+AbCdEfGh12',
      'url | hxxps://t[.]me/+AbCdEfGh12 | tg:invite:AbCdEfGh12 | t[.]me/+Ab… | sure',
    ],
    [
      'https://t.me/c/1120000123/45',
      'url | https://t.me/c/1120000123/45 | tg:channel:1120000123 | t[.]me/c/1… | sure',
    ],
    ['mega.nz/folder/AbC#key', 'url | mega.nz/folder/AbC#key | mega.nz/folder/AbC | mega[.]nz/fol… | sure'],
    ['ok.my', 'url | ok.my | ok.my | ok[.]my | possible'],
    [
      'Lot 5, Jalan Ujian 3/4, 50000 Kuala Lumpur',
      'address | Lot 5, Jalan Ujian 3/4, 50000 Kuala Lumpur | lot 5, jalan ujian 3/4, 50000 kuala lumpur | … 50000 Kuala Lumpur | possible',
    ],
    [
      'Tmn Ujian\n47000 Sg Ujian, Selangor',
      'address | Tmn Ujian\n47000 Sg Ujian, Selangor | tmn ujian 47000 sg ujian, selangor | … 47000 Selangor | possible',
    ],
    ['no 12 jalan ujian 3', 'address | no 12 jalan ujian 3 | no 12 jalan ujian 3 | … | possible'],
    ['50000 雪兰莪', 'address | 50000 雪兰莪 | 50000 雪兰莪 | … 50000 雪兰莪 | possible'],
  ])('%j', (text, hit) => {
    expect(summary(text)).toEqual([hit])
  })

  it.each([
    'RM 50000 jalan rosak',
    'jalan rosak kos RM 50000',
    'jalan 5000',
    '50000',
    '50000 orang',
    'order 500001 Selangor',
    'jalan ini jauh',
  ])('%j holds no address', (text) => {
    expect(summary(text)).toEqual([])
  })
})

describe('what the application marked', () => {
  it('is taken as sure, once', () => {
    const text = 'card 4111111111111111 @test_user 012-000 0123 a@example.org t.me/+AbCdEfGh12'
    const mark = (type: string, slice: string) => ({
      type,
      start: text.indexOf(slice),
      end: text.indexOf(slice) + slice.length,
    })
    const entities = [
      mark('bank_card', '4111111111111111'),
      mark('mention', '@test_user'),
      mark('phone', '012-000 0123'),
      mark('email', 'a@example.org'),
      mark('link', 't.me/+AbCdEfGh12'),
      mark('bold', 'card'),
    ]
    expect(extractIdentifiers({ text, entities }).map((hit) => describeHit(text, hit))).toEqual([
      'bank-card | 4111111111111111 | 4111111111111111 | •••• 1111 | sure',
      'handle | @test_user | test_user | te…r | sure',
      'phone | 012-000 0123 | +60120000123 | +60 12-••• ••23 | sure',
      'email | a@example.org | a@example.org | a…@example.org | sure',
      'url | t.me/+AbCdEfGh12 | tg:invite:AbCdEfGh12 | t[.]me/+Ab… | sure',
    ])
  })

  it('is ignored where its place makes no sense', () => {
    const text = 'abc'
    for (const [start, end] of [
      [-1, 2],
      [0, 4],
      [2, 2],
      [2, 1],
      [0.5, 2],
      [Number.NaN, 2],
      [0, Number.POSITIVE_INFINITY],
    ] as const) {
      for (const type of ['phone', 'email', 'mention', 'bank_card', 'link']) {
        expect(extractIdentifiers({ text, entities: [{ type, start, end }] })).toEqual([])
      }
    }
  })

  it('finds numbers, names and links that the text does not show', () => {
    const found = extractIdentifiers({
      text: 'here',
      entities: [{ type: 'text_link', start: 0, end: 4, href: 'https://t.me/test_user' }],
      contact: { firstName: 'x', phone: '+60 12 000 0123' },
      hiddenLinks: [
        'https://wa.me/60120000456',
        'tel:012-0000789',
        'mailto:A@example.org?x',
        'https://mega.nz/file/x',
        'no link',
        '',
      ],
    })
    expect(
      found.map(({ where, start, end, kind, value }) => [where, start, end, kind, value].join(' ')),
    ).toEqual([
      'hidden -1 -1 handle test_user',
      'contact -1 -1 phone +60120000123',
      'hidden -1 -1 phone +60120000456',
      'hidden -1 -1 phone +60120000789',
      'hidden -1 -1 email a@example.org',
      'hidden -1 -1 url mega.nz/file/x',
    ])
  })
})

it('searches polls, places and buttons, and tells nothing twice', () => {
  const found = extractIdentifiers({
    text: 'call 012-000 0123',
    entities: [],
    otherTexts: [
      { field: 'poll', text: 'who has 012-000 0456' },
      { field: 'text', text: 'call 012 000 0123' },
    ],
  })
  expect(found.map(({ where, value, start }) => [where, value, start])).toEqual([
    ['text', '+60120000123', 5],
    ['other', '+60120000456', -1],
  ])
})

it('says so when more is marked than it looks at', () => {
  const warnings: string[] = []
  const entities = Array.from({ length: 2001 }, () => ({ type: 'phone', start: 0, end: 1 }))
  extractIdentifiers({ text: 'x', entities }, { onWarning: (code) => warnings.push(code) })
  expect(warnings).toEqual(['SLOW_TEXT'])
})
