/** How a word beside the time turns an hour of a 12-hour clock into one of the 24-hour clock. */
export type MarkerRule = 'am' | 'pm' | 'noon' | 'night' | 'late-night'

/**
 * Words that stand before or after the time, by locale: the day periods of Unicode CLDR as Android and iOS print them,
 * short and long. Written without dots and spaces, in lower case; `markerRule` folds what it is asked the same way.
 */
export const TIME_MARKERS: Readonly<Record<string, Readonly<Record<string, MarkerRule>>>> = {
  en: { am: 'am', pm: 'pm', noon: 'noon', midnight: 'night' },
  // Malay: pagi, tengah hari, petang, malam; short PG and PTG.
  ms: {
    pg: 'am',
    ptg: 'pm',
    pagi: 'am',
    tengahhari: 'noon',
    petang: 'pm',
    malam: 'night',
    tengahmalam: 'night',
  },
  id: { siang: 'noon', sore: 'pm' },
  zh: {
    凌晨: 'am',
    清晨: 'am',
    早上: 'am',
    上午: 'am',
    中午: 'noon',
    下午: 'pm',
    傍晚: 'pm',
    晚上: 'night',
    半夜: 'late-night',
    午夜: 'late-night',
  },
  ta: {
    முற்பகல்: 'am',
    பிற்பகல்: 'pm',
    அதிகாலை: 'am',
    காலை: 'am',
    நண்பகல்: 'noon',
    மதியம்: 'noon',
    மாலை: 'pm',
    அந்திமாலை: 'pm',
    இரவு: 'late-night',
    நள்ளிரவு: 'late-night',
  },
  ja: { 午前: 'am', 午後: 'pm' },
  ko: { 오전: 'am', 오후: 'pm' },
  hi: { पूर्वाह्न: 'am', अपराह्न: 'pm' },
  vi: { sa: 'am', ch: 'pm' },
  th: { ก่อนเที่ยง: 'am', หลังเที่ยง: 'pm' },
  ar: { ص: 'am', م: 'pm' },
}

/** Words between date and time that say nothing about the hour. */
export const TIME_PREPOSITIONS: ReadonlySet<string> = new Set([
  'klo',
  'kl',
  'at',
  'um',
  'à',
  'às',
  'a',
  'las',
  'la',
  'ore',
  'pukul',
  'jam',
  'lúc',
])

const RULES = new Map(Object.values(TIME_MARKERS).flatMap((words) => Object.entries(words)))

/** Lower case, without dots, spaces and invisible marks: `p. m.`, `P.M.` and `pm` are one word. */
export function foldMarker(word: string): string {
  return word.replace(/[.\s\u200e\u200f\u202a-\u202f]/g, '').toLowerCase()
}

/** The rule of a folded word, or null when it is in no table. */
export function markerRule(folded: string): MarkerRule | null {
  return RULES.get(folded) ?? null
}

/**
 * The hour on the 24-hour clock, or null when the word and the hour do not say it together ("2 malam" may be 02:00 or,
 * mistyped, 14:00). Hours over 12 already are on the 24-hour clock.
 */
export function hourOfDay(hour: number, rule: MarkerRule): number | null {
  if (hour > 12) return rule === 'am' ? null : hour
  const onTwelve = hour % 12
  if (rule === 'am') return onTwelve
  if (rule === 'pm') return onTwelve + 12
  if (rule === 'noon') return onTwelve >= 9 ? onTwelve : onTwelve + 12
  if (onTwelve === 0) return 0
  if (onTwelve >= 6) return onTwelve + 12
  return rule === 'late-night' ? onTwelve : null
}
