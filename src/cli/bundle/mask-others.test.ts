import { expect, it } from 'vitest'
import { Others } from './mask-others.ts'

function othersOf(...names: string[]): Others {
  const others = new Others()
  for (const name of names) others.learn(name)
  return others
}
const masked = (others: Others, text: string) => others.mask({ text, entities: [] })

it('shows identifiers of others by their kind only', () => {
  const text = 'call 012-000 0123 or write rekaan@mail.example, see t.me/rekaan_zz and https://site.example/x'
  const shown = masked(othersOf(), text)
  for (const secret of ['012', '0123', 'rekaan', 'mail.example', 'site.example'])
    expect(shown).not.toContain(secret)
  expect(shown).toMatch(/^call \[phone\] or write \[email\], see \[handle\] and \[url\]$/)
})

it('hides names and the words of names, wherever they stand alone', () => {
  const others = othersOf('Siti Rekaan', 'Lim', 'Muthu-Contoh')
  expect(masked(others, 'Siti Rekaan, siti! and SITI’s friend')).toBe('[name], [name]! and [name]’s friend')
  expect(masked(others, 'the limit of Lim')).toBe('the limit of [name]')
  expect(masked(others, 'muthu and contoh and Muthu-Contoh')).toBe('[name] and [name] and [name]')
})

it('hides names in scripts that put no spaces between words', () => {
  const others = othersOf('林某', 'முத்து')
  expect(masked(others, '我见过林某了')).toBe('我见过[name]了')
  expect(masked(others, 'முத்துவை')).toBe('[name]வை')
})

it('takes hostile names for text, never for a pattern', () => {
  for (const name of ['a.*b(c', '[[[', '\\', '$&$1', 'x'.repeat(10_000), '(?=a)', '\u202e\u0000'])
    expect(masked(othersOf(name), `before ${name} after`)).toContain('before')
  expect(masked(othersOf('a+b'), 'aab and a+b')).toBe('aab and [name]')
})

it('keeps one pseudonym for one account', () => {
  const others = othersOf()
  expect(['tg:user:1', 'tg:user:2', 'tg:user:1'].map((key) => others.pseudonym(key))).toEqual([
    'P-001',
    'P-002',
    'P-001',
  ])
})
