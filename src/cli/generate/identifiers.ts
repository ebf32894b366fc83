import type { Random } from '#lib/scenes/index.ts'
import { anySentence } from './sentences.ts'
import { plain, type TextPart } from './telegram-text.ts'
import type { Language } from './words.ts'

export type IdentifierKind = 'phone' | 'handle' | 'email' | 'url' | 'invite' | 'mykad'

/** Something personal as it stands in a text, and what it means. */
export interface WrittenIdentifier {
  kind: IdentifierKind
  /** How it is spelled, e.g. `dots`. */
  spelling: string
  /** The agreed form: `+60120000123`, `@test_rusa`, an address, a link without scheme. */
  value: string
  part: TextPart
  /** False: it only looks like one, and reporting it would be a mistake. */
  isReal: boolean
}

type PhoneSpelling = (national: string, international: string) => string

const joined = (text: string): string => text.replace(/[^0-9]/g, '')
const perDigit = (text: string, change: (digit: string) => string): string => text.replace(/[0-9]/g, change)

const PHONE_SPELLINGS: Record<string, PhoneSpelling> = {
  grouped: (national) => national,
  joined: (national) => joined(national),
  international: (_, international) => international,
  'international-joined': (_, international) => `+${joined(international)}`,
  spaces: (national) => national.replace(/-/g, ' '),
  dots: (national) => national.replace(/[- ]/g, '.'),
  'single-digits': (national) => joined(national).split('').join(' '),
  'full-width': (national) => perDigit(national, (digit) => String.fromCharCode(0xff10 + Number(digit))),
  'wa-link': (_, international) => `https://wa.me/${joined(international)}`,
  'wa-link-bare': (_, international) => `wa.me/${joined(international)}`,
  'keycap-emoji': (national) => perDigit(joined(national), (digit) => `${digit}\ufe0f\u20e3`),
  'letter-o': (national) => joined(national).replace('0', 'O'),
  underscores: (national) => national.replace(/[- ]/g, '_'),
  'zero-width': (national) => joined(national).split('').join('\u200b'),
}

/** The others drop the plus sign, and without it a number from abroad is a row of digits. */
const AMERICAN_SPELLINGS = new Set([
  'grouped',
  'international',
  'international-joined',
  'spaces',
  'dots',
  'full-width',
  'wa-link',
  'wa-link-bare',
])

const PHONE_SPELLING_NAMES = Object.keys(PHONE_SPELLINGS)

const HANDLES = ['test_rusa', 'test_pelanduk', 'test_angsa', 'test_kura_kura', 'test_merak'] as const
const HOSTS = ['example.com', 'example.org', 'example.net'] as const

/**
 * The `index`-th written identifier: phone numbers of every spelling in turn, from ranges kept for fiction only
 * (+1 202-555-0100..0199 and 012-000 0000..0999), then a handle, a mail address, a page, and a number like a MyKad one
 * whose place of birth (00) does not exist.
 */
export function identifierAt(index: number, random: Random): WrittenIdentifier {
  const turn = index % (PHONE_SPELLING_NAMES.length + 4)
  const spelling = PHONE_SPELLING_NAMES[turn]
  if (spelling !== undefined) return phoneNumber(random, spelling)
  switch (turn - PHONE_SPELLING_NAMES.length) {
    case 0:
      return handle(random.pick(HANDLES))
    case 1: {
      const address = `${random.pick(HANDLES)}@${random.pick(HOSTS)}`
      return {
        kind: 'email',
        spelling: 'address',
        value: address,
        part: { type: 'email', text: address },
        isReal: true,
      }
    }
    case 2: {
      const page = `${random.pick(HOSTS)}/${random.pick(HANDLES)}`
      return {
        kind: 'url',
        spelling: 'https',
        value: page,
        part: { type: 'link', text: `https://${page}` },
        isReal: true,
      }
    }
    default:
      return impossibleMyKad(random)
  }
}

function phoneNumber(random: Random, spelling: string): WrittenIdentifier {
  const isMalaysian = !AMERICAN_SPELLINGS.has(spelling) || random.isHit(0.7)
  const [national, international] = isMalaysian ? malaysianNumber(random) : americanNumber(random)
  const text = PHONE_SPELLINGS[spelling]?.(national, international) ?? national
  const type = spelling.startsWith('wa-link')
    ? 'link'
    : spelling.startsWith('international')
      ? 'phone'
      : 'plain'
  return { kind: 'phone', spelling, value: `+${joined(international)}`, part: { type, text }, isReal: true }
}

function malaysianNumber(random: Random): [string, string] {
  const last = String(random.below(1000)).padStart(4, '0')
  return [`012-000 ${last}`, `+60 12-000 ${last}`]
}

function americanNumber(random: Random): [string, string] {
  const last = `01${String(random.below(100)).padStart(2, '0')}`
  return [`+1 202-555-${last}`, `+1 202-555-${last}`]
}

export function handle(name: string): WrittenIdentifier {
  return {
    kind: 'handle',
    spelling: 'at',
    value: `@${name}`,
    part: { type: 'mention', text: `@${name}` },
    isReal: true,
  }
}

function impossibleMyKad(random: Random): WrittenIdentifier {
  const text = `010203-00-${String(random.below(10_000)).padStart(4, '0')}`
  return { kind: 'mykad', spelling: 'dashes', value: text, part: plain(text), isReal: false }
}

/** An invite link whose hash says that it is an example. */
export function inviteLink(random: Random): WrittenIdentifier {
  const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ'
  let hash = 'CONTOH'
  for (let i = 0; i < 10; i++) hash += letters[random.below(letters.length)]
  const value = `t.me/+${hash}`
  return {
    kind: 'invite',
    spelling: 'https',
    value,
    part: { type: 'link', text: `https://${value}` },
    isReal: true,
  }
}

/** The identifier between two everyday sentences. */
export function inSentence(written: WrittenIdentifier, random: Random, language: Language): TextPart[] {
  return joinPlain([
    plain(`${anySentence(random, language)} `),
    written.part,
    plain(` ${anySentence(random, language)}`),
  ])
}

/** Neighbouring plain parts as one, as an exporter would cut them. */
function joinPlain(parts: readonly TextPart[]): TextPart[] {
  const joinedParts: TextPart[] = []
  for (const part of parts) {
    const before = joinedParts.at(-1)
    if (before?.type === 'plain' && part.type === 'plain')
      joinedParts[joinedParts.length - 1] = plain(before.text + part.text)
    else joinedParts.push(part)
  }
  return joinedParts
}
