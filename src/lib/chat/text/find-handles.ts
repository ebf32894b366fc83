import type { Confidence } from './identifier.ts'

export interface FoundHandle {
  start: number
  end: number
  /** Lower case, without `@`. */
  handle: string
  confidence: Confidence
}

const CUE_WORDS =
  'instagram|insta|ig|telegram|tele|tg|tik ?tok|twitter|wechat|weixin|snapchat|snap|threads|微信号?|微信號'
/** `@name`, with the dots Instagram and TikTok allow inside; not the tail of a mail address or of a longer word. */
const AT_NAME =
  /(?<![A-Za-z0-9_.@/-])@([A-Za-z0-9_](?:[A-Za-z0-9_]|\.(?=[A-Za-z0-9_])){1,31})(?![A-Za-z0-9_@])/g
const CUE_BEFORE = new RegExp(`(?:(?<![A-Za-z])(?:${CUE_WORDS}))[^A-Za-z0-9]{0,8}$`, 'i')
const CUE_REACH = 24
const CUE_NAME = new RegExp(
  `(?<![A-Za-z])(?:${CUE_WORDS})(?: id)?(?: {0,2}([:=-]) {0,2}|(?<=[微信号號]) {0,2}| )([A-Za-z0-9_](?:[A-Za-z0-9_]|\\.(?=[A-Za-z0-9_])){2,31})(?![A-Za-z0-9_@:/])`,
  'gi',
)
/** Cheap to run, so that most texts are spared the full pattern. */
const HAS_CUE = /(?:gram|insta|ig|tele|tg|tok|tter|w(?:ec|ei)|snap|ads|[号號信])(?: id)?[ :=\-A-Za-z0-9_]/i
const MIN_WITHOUT_CUE = 4

/** Account names written with `@`. Text after step 4 of normalisation: later steps would change underscores. */
export function findAtNames(text: string): FoundHandle[] {
  const found: FoundHandle[] = []
  for (const match of text.matchAll(AT_NAME)) {
    const name = match[1] ?? ''
    if (!/[A-Za-z_]/.test(name)) continue
    const hasCue = CUE_BEFORE.test(text.slice(Math.max(0, match.index - CUE_REACH), match.index))
    if (!hasCue && name.length < MIN_WITHOUT_CUE) continue
    const end = match.index + match[0].length
    found.push({
      start: match.index,
      end,
      handle: name.toLowerCase(),
      confidence: hasCue ? 'likely' : 'possible',
    })
  }
  return found
}

/** Account names after a cue: `ig: test_name`, `tiktok test.name`, `微信test_name`. Without a colon only unusual words count. */
export function findCuedNames(text: string): FoundHandle[] {
  const found: FoundHandle[] = []
  if (!HAS_CUE.test(text)) return found
  for (const match of text.matchAll(CUE_NAME)) {
    const name = match[2] ?? ''
    const isUnusual = /[0-9_.]/.test(name)
    if (!/[A-Za-z]/.test(name) || (match[1] === undefined && !isUnusual)) continue
    const end = match.index + match[0].length
    const confidence = match[1] !== undefined && isUnusual ? 'likely' : 'possible'
    found.push({ start: end - name.length, end, handle: name.toLowerCase(), confidence })
  }
  return found
}
