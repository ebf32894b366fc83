import type { Random } from '#lib/scenes/index.ts'
import { EMOJI, type Language, WORDS } from './words.ts'

const ENDINGS = ['', '', '', '.', '!', '?'] as const

/** A line of everyday words without meaning, 4 to 23 of them, at times with a pictograph. */
export function anySentence(random: Random, language: Language): string {
  const words = WORDS[language]
  const gap = language === 'zh' ? '' : ' '
  let text = random.pick(words)
  for (let i = random.whole(3, random.isHit(0.35) ? 22 : 12); i > 0; i--) text += gap + random.pick(words)
  text += random.pick(ENDINGS)
  return random.isHit(0.08) ? `${text} ${random.pick(EMOJI)}` : text
}
