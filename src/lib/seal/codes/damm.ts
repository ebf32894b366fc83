// The totally anti-symmetric quasigroup of order 10 of H. M. Damm (2004).
const ROWS = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
] as const

/**
 * The check digit that belongs behind ASCII digits. With it, every change of one digit and every swap of two neighbours is
 * noticed. `dammDigit` of digits with their check digit is `0`.
 */
export function dammDigit(digits: string): string {
  let state = 0
  for (const digit of digits) state = Number(ROWS[state]?.charAt(Number(digit)))
  return String(state)
}
