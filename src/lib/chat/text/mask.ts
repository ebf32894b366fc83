const DOTS = '••••••••••••••••'

/** Country code, operator or area prefix of at most three digits, last two: `+60 12-••• ••23`. */
export function maskPhone(countryCode: string, national: string): string {
  const length = prefixLength(countryCode, national)
  const prefix = national.length - length >= 6 ? national.slice(0, length) : ''
  const hidden = Math.max(2, national.length - prefix.length - 2)
  const shown = national.length >= 6 ? national.slice(-2) : ''
  const country = countryCode === '' ? '' : `+${countryCode} `
  return `${country}${prefix}${prefix === '' ? '' : '-'}${DOTS.slice(0, hidden - 2)} ••${shown}`
}

function prefixLength(countryCode: string, national: string): number {
  if (countryCode === '1') return 3
  if (countryCode !== '60') return 0
  return national.startsWith('1') || national.startsWith('8') ? 2 : 1
}

/** A MyKad number holds birth date, state and sex: only the last four digits are left. */
export function maskMykad(digits: string): string {
  return `******-**-${digits.slice(-4)}`
}

export function maskBankCard(digits: string): string {
  return digits.length >= 12 ? `•••• ${digits.slice(-4)}` : '••••'
}

export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return `${firstCharacter(email)}…${email.slice(at)}`
}

export function maskHandle(handle: string): string {
  return handle.length < 4 ? `${firstCharacter(handle)}…` : `${handle.slice(0, 2)}…${handle.slice(-1)}`
}

/** Postcode and state are left, nothing of street, house or town. */
export function maskAddress(postcode: string, state: string): string {
  return ['…', postcode, state].filter((part) => part !== '').join(' ')
}

function firstCharacter(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0x2026)
}
