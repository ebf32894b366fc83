import { extractIdentifiers, type Message } from '#lib/chat/index.ts'

const SHORTEST_NAME = 3

/** Pseudonyms and names of the people in an export, so that a neighbour's text can be shown without them. */
export class Others {
  readonly #pseudonyms = new Map<string, string>()
  readonly #names = new Set<string>()

  /** Learns a name that must not be shown: the name as a whole and each longer word of it. */
  learn(name: string | null | undefined): void {
    for (const part of [name ?? '', ...(name ?? '').split(/[^\p{L}\p{M}\p{N}]+/u)]) {
      // Two Chinese characters are a name, two Latin letters are not.
      const isLong = part.length >= SHORTEST_NAME || (part.length === 2 && /[^\p{ASCII}]/u.test(part))
      if (isLong && !/^\d+$/.test(part)) this.#names.add(part.toLowerCase())
    }
  }

  /** `P-001` and so on, in the order asked for. */
  pseudonym(authorKey: string): string {
    const known = this.#pseudonyms.get(authorKey)
    if (known !== undefined) return known
    const made = `P-${String(this.#pseudonyms.size + 1).padStart(3, '0')}`
    this.#pseudonyms.set(authorKey, made)
    return made
  }

  /** The text with phone numbers, identity numbers, handles, addresses and links as their kinds, and names as `[name]`. */
  mask({ text, entities }: Pick<Message, 'text' | 'entities'>): string {
    let masked = ''
    let at = 0
    for (const found of extractIdentifiers({ text, entities })) {
      if (found.where !== 'text' || found.start < at) continue
      masked += `${this.#withoutNames(text.slice(at, found.start))}[${found.kind}]`
      at = found.end
    }
    return masked + this.#withoutNames(text.slice(at))
  }

  #withoutNames(text: string): string {
    const lower = text.toLowerCase()
    const present = [...this.#names].filter((name) => lower.includes(name))
    if (present.length === 0) return text
    // The longest first: a whole name before a word of it.
    const forms = present.sort((a, b) => b.length - a.length).map(pattern)
    return text.replace(new RegExp(forms.join('|'), 'giu'), '[name]')
  }
}

/** A name in letters with spaces between words stands alone; in scripts without spaces it may stand anywhere. */
function pattern(name: string): string {
  const literal = name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  return /^[\p{Script=Latin}\p{N} ]+$/u.test(name)
    ? `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`
    : literal
}
