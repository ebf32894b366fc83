import type { Source } from './model.ts'

const WINDOW_BYTES = 1024 * 1024
const LONGEST_LINE = 64 * 1024
const PREFIX_UNITS = 3

/**
 * Which of `names` a WhatsApp chat names as attachments, in its first `mostBytes`: `Ali: plan.txt (file attached)` or
 * `<attached: plan.txt>`; the words around a name depend on the language of the phone. Unicode form (NFC or NFD) and
 * invisible direction marks make no difference.
 */
export async function namedAttachments(
  chat: Source,
  names: ReadonlySet<string>,
  mostBytes: number,
): Promise<Set<string>> {
  const wanted = new NameFinder(names)
  const decoder = new TextDecoder('utf-8')
  const end = Math.min(chat.sizeBytes, mostBytes)
  let rest = ''
  for (let at = 0; at < end; ) {
    const bytes = await chat.slice(at, Math.min(at + WINDOW_BYTES, end))
    if (bytes.length === 0) break
    at += bytes.length
    const text = rest + decoder.decode(bytes, { stream: true })
    const cut = at < end ? text.lastIndexOf('\n') + 1 : text.length
    wanted.search(text.slice(0, cut))
    rest = text.slice(cut).slice(-LONGEST_LINE)
  }
  return wanted.found
}

/** Finds names by length, so that a chat with thousands of attachments does not cost their product with its lines. */
class NameFinder {
  readonly found = new Set<string>()
  readonly #names: ReadonlyMap<string, string>
  readonly #lengths = new Map<string, Set<number>>()

  constructor(names: ReadonlySet<string>) {
    this.#names = new Map([...names].map((name) => [plain(name), name]))
    for (const name of this.#names.keys()) {
      const prefix = name.slice(0, PREFIX_UNITS)
      this.#lengths.set(prefix, (this.#lengths.get(prefix) ?? new Set()).add(name.length))
    }
  }

  search(text: string): void {
    const searched = plain(text)
    for (const match of searched.matchAll(/[:<] ?/g)) this.#look(searched, match.index + match[0].length)
  }

  #look(text: string, at: number): void {
    for (const length of this.#lengths.get(text.slice(at, at + PREFIX_UNITS)) ?? []) {
      const name = this.#names.get(text.slice(at, at + length))
      if (name !== undefined && /^(?: ?\(|>|\r?\n|\r?$)/.test(text.slice(at + length, at + length + 2))) {
        this.found.add(name)
      }
    }
  }
}

function plain(text: string): string {
  return text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').normalize('NFC')
}
