import { randomFor } from './streams.ts'
import { LANGUAGES, type Language, NAME_WORDS } from './words.ts'

export interface Member {
  /** As in `from_id`; numbers far above those given out today. */
  id: `user${number}`
  /** Null: the exporter shows none, as for a deleted account. */
  name: string | null
  language: Language
}

const FIRST_ID = 990_000_000_000
const LANGUAGE_SHARES: readonly [Language, number][] = [
  ['ms', 0.45],
  ['en', 0.3],
  ['zh', 0.15],
  ['ta', 0.1],
]

/** Members `first`..`first + count - 1` of the seed's people: two exports of one seed may share some. */
export function membersOf(seed: string, first: number, count: number): Member[] {
  const firstId = FIRST_ID + randomFor(seed, '/people').below(1_000_000_000)
  return Array.from({ length: count }, (_, i) => memberAt(seed, firstId, first + i))
}

function memberAt(seed: string, firstId: number, index: number): Member {
  const random = randomFor(seed, `/people/${index}`)
  const language = languageAt(random.unit())
  const { colours, things } = NAME_WORDS[language]
  const [colour, thing] = [random.pick(colours), random.pick(things)]
  const gap = language === 'zh' ? '' : ' '
  const name = language === 'ms' ? `${thing} ${colour}` : `${colour}${gap}${thing}`
  return {
    id: `user${firstId + index}`,
    name: index % 29 === 28 ? null : `${name} ${index + 1}`,
    language,
  }
}

function languageAt(share: number): Language {
  let left = share
  for (const [language, part] of LANGUAGE_SHARES) {
    if (left < part) return language
    left -= part
  }
  return LANGUAGES[0]
}
