export interface FoundAddress {
  start: number
  end: number
  /** Empty when none was written. */
  postcode: string
  state: string
}

const POSTCODE = /(?<![0-9A-Za-z_.-])(?:0[1-9]|[1-8]\d|9[0-8])\d{3}(?![0-9A-Za-z_]|[.-]\d)/g
const MONEY = /(?:rm|\$|myr) ?$/i
const STREET =
  /(?<![A-Za-z])(?:(?:no|lot)\.? ?[A-Z]?-?\d|(?:blok|block|unit)[ .]|(?:jalan|jln|jl|lorong|lrg|taman|tmn|kg|kampung|persiaran|lebuh|apartment|pangsapuri|flat|alamat)[ .:])/i
const STATE =
  /^[^0-9\n]{0,40}?(?:\n[^0-9\n]{0,40}?)?(?<![A-Za-z])(johor|kedah|kelantan|mel[ae]ka|malacca|n(?:egeri|\.)? ?sembilan|pahang|perak|perlis|(?:pulau )?pinang|penang|sabah|sarawak|selangor|terengganu|kuala lumpur|k\.?l\.?|labuan|putrajaya|柔佛|吉打|吉兰丹|马六甲|森美兰|彭亨|霹雳|玻璃市|槟城|沙巴|砂拉越|雪兰莪|登嘉楼|吉隆坡|纳闽|布城)(?![A-Za-z])/i
/** House number, then street: an address that leaves the postcode out. */
const HOUSE_AND_STREET =
  /(?<![A-Za-z])(?:no|lot|blok|block|unit)\.? {0,2}[A-Za-z]?-?\d{1,5}[A-Za-z]?[ ,]{1,3}(?:jalan|jln|lorong|lrg|persiaran|lebuh) [^\n]{2,60}/gi
const HAS_STREET = /jalan|jln|lorong|lrg|persiaran|lebuh/i
const LOOK_BACK = 120
const LOOK_AHEAD = 90

/** Malaysian addresses: a postcode with a street word before it or a state after it, or house number and street. */
export function findAddresses(norm: string, hasFiveDigits: boolean): FoundAddress[] {
  const found = hasFiveDigits ? findByPostcode(norm) : []
  if (!HAS_STREET.test(norm)) return found
  for (const match of norm.matchAll(HOUSE_AND_STREET)) {
    const end = match.index + match[0].trimEnd().length
    if (!found.some((other) => other.start < end && match.index < other.end)) {
      found.push({ start: match.index, end, postcode: '', state: '' })
    }
  }
  return found.sort((a, b) => a.start - b.start)
}

function findByPostcode(norm: string): FoundAddress[] {
  const found: FoundAddress[] = []
  let floor = 0
  for (const match of norm.matchAll(POSTCODE)) {
    const at = match.index
    const before = lastParagraph(norm.slice(Math.max(floor, at - LOOK_BACK), at))
    if (MONEY.test(before)) continue
    const street = before.search(STREET)
    const after = norm.slice(at + 5, at + 5 + LOOK_AHEAD)
    const state = STATE.exec(after)
    if (street === -1 && state === null) continue
    const end = at + 5 + (state === null ? townLength(after) : state[0].length)
    found.push({
      start: street === -1 ? at : at - before.length + street,
      end,
      postcode: match[0],
      state: state?.[1] ?? '',
    })
    floor = end
  }
  return found
}

function lastParagraph(text: string): string {
  const gap = text.lastIndexOf('\n\n')
  return gap === -1 ? text : text.slice(gap + 2)
}

/** The town after a postcode: up to three words, to the first punctuation. */
function townLength(after: string): number {
  return /^(?: {1,2}[\p{L}\p{M}]{1,20}){0,3}/u.exec(after)?.[0].length ?? 0
}
