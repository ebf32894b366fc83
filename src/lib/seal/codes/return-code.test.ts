import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SealError } from '../errors.ts'
import { systemRandom } from '../keys/random.ts'
import vector from '../vectors/return-code.json' with { type: 'json' }
import { dammDigit } from './damm.ts'
import { groupDigits, randomDigits, readDigits } from './digits.ts'
import { formatReturnCode, makeReturnCode, parseReturnCode } from './return-code.ts'

const codeOf = (text: string): string => {
  try {
    parseReturnCode(text)
    return 'ok'
  } catch (error) {
    if (error instanceof SealError) return error.code
    throw error
  }
}

/** 28 digits with a fitting check digit. */
const withCheck = (body: string) => body + dammDigit(body)
const inScript = (digits: string, zero: number) =>
  [...digits].map((digit) => String.fromCodePoint(zero + Number(digit))).join('')

it('computes the known check digits', () => {
  expect(dammDigit(vector.damm.digits)).toBe(vector.damm.check)
  const digits = vector.code.replaceAll(' ', '')
  expect(dammDigit(digits.slice(0, 27))).toBe(digits.slice(27))
})

it('makes codes that it reads, in seven groups of four', () => {
  for (let i = 0; i < 200; i++) {
    const code = makeReturnCode(systemRandom)
    expect(code.digits).toMatch(/^1[0-9]{27}$/)
    expect(formatReturnCode(code)).toMatch(/^([0-9]{4} ){6}[0-9]{4}$/)
    expect(parseReturnCode(formatReturnCode(code))).toEqual(code)
  }
})

it('never makes a code from bytes that would favour a digit', () => {
  const bytes = [255, 250, 254, 0, 249, 13]
  const source = (length: number) => new Uint8Array(length).map((_, i) => bytes[i % bytes.length] ?? 0)
  expect(randomDigits(6, source)).toBe('093093')
})

it('draws every digit equally often', () => {
  const counts = new Array<number>(10).fill(0)
  for (const digit of randomDigits(100_000, (n) => systemRandom(Math.min(n, 60_000))))
    counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
  // Nine degrees of freedom: above 60 by chance once in 10^9.
  expect(chiSquare).toBeLessThan(60)
})

it('refuses every change of one digit and every swap of neighbours, in 1,000 codes', () => {
  for (let i = 0; i < 1000; i++) {
    const { digits } = makeReturnCode(systemRandom)
    for (let at = 0; at < digits.length; at++) {
      const [before, digit, after] = [digits.slice(0, at), digits.charAt(at), digits.slice(at + 1)]
      for (const other of '0123456789')
        if (other !== digit && dammDigit(before + other + after) === '0') expect.unreachable(digits)
      const next = after.charAt(0)
      if (next !== '' && next !== digit && dammDigit(before + next + digit + after.slice(1)) === '0')
        expect.unreachable(digits)
    }
  }
  expect(codeOf(vector.code.replace('1418', '1481'))).toBe('RETURN_CODE_CHECK')
  expect(codeOf(vector.code.replace('1418', '1419'))).toBe('RETURN_CODE_CHECK')
})

it('reads one code in every script and with everything people put between', () => {
  const plain = vector.code.replaceAll(' ', '')
  const zeros = {
    arabic: 0x660,
    persian: 0x6f0,
    devanagari: 0x966,
    tamil: 0xbe6,
    wide: 0xff10,
    khmer: 0x17e0,
  }
  const written = [
    plain,
    ` ${vector.code}\n`,
    vector.code.replaceAll(' ', '-'),
    vector.code.replaceAll(' ', '.'),
    vector.code.replaceAll(' ', ' – '),
    vector.code.replaceAll(' ', '\u00a0\u2009\u3000\t'),
    [...plain].join('\u200b'),
    [...plain].join('\u200d\u2060\ufeff'),
    `\u202e${plain}\u202c`,
    ...Object.values(zeros).map((zero) => inScript(plain, zero)),
    inScript(plain.slice(0, 14), zeros.wide) + inScript(plain.slice(14), zeros.tamil),
  ]
  for (const text of written) expect(parseReturnCode(text).digits, JSON.stringify(text)).toBe(plain)
})

it('says what is wrong with a code, and never repeats it', () => {
  const plain = vector.code.replaceAll(' ', '')
  const cases: [code: string, text: string][] = [
    ['RETURN_CODE_CHARS', `${plain.slice(1)}I`],
    ['RETURN_CODE_CHARS', plain.replace('0', 'O')],
    ['RETURN_CODE_CHARS', `${plain}!`],
    ['RETURN_CODE_CHARS', `${plain}½`],
    ['RETURN_CODE_CHARS', `${plain}\u0000`],
    ['RETURN_CODE_CHARS', `${plain}\ud800`],
    ['RETURN_CODE_LENGTH', ''],
    ['RETURN_CODE_LENGTH', ' - '],
    ['RETURN_CODE_LENGTH', plain.slice(1)],
    ['RETURN_CODE_LENGTH', `${plain}0`],
    ['RETURN_CODE_LENGTH', '1'.repeat(1_000_000)],
    ['RETURN_CODE_CHECK', plain.slice(0, 27) + ((Number(plain.slice(27)) + 1) % 10)],
    ['RETURN_CODE_CHECK', withCheck('0'.repeat(27))],
    ['RETURN_CODE_CHECK', withCheck(`0${plain.slice(1, 27)}`)],
    ['RETURN_CODE_SERIES', withCheck(`2${plain.slice(1, 27)}`)],
    ['RETURN_CODE_SERIES', withCheck(`9${plain.slice(1, 27)}`)],
  ]
  for (const [code, text] of cases) {
    expect(codeOf(text), text.slice(0, 40)).toBe(code)
    try {
      parseReturnCode(text)
    } catch (error) {
      expect(String(error)).not.toContain(text.slice(0, 8) || 'nothing')
    }
  }
})

it('answers any text with a code or a refusal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      expect(codeOf(text)).toMatch(/^(ok|RETURN_CODE_[A-Z]+)$/)
      const digits = readDigits(text)
      if (digits !== null) expect(digits).toMatch(/^[0-9]*$/)
    }),
  )
})

it('groups digits by four', () => {
  expect(['', '1', '1234', '12345', '12345678'].map(groupDigits)).toEqual([
    '',
    '1',
    '1234',
    '1234 5',
    '1234 5678',
  ])
})
