import * as z from 'zod/mini'

/**
 * Sixteen bytes as base64url without padding: ids, addresses, mailboxes. The last digit carries two bits only, so that
 * each value has one text.
 */
export const id16 = z.string().check(z.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/))

/** `bytes` bytes as lower-case hexadecimal digits: keys, digests, signatures, commitments. */
export function hex(bytes: number): z.ZodMiniString {
  return z.string().check(z.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)))
}

/** ISO week of the calendar, the only time the server keeps: `2026-W48`. */
export const isoWeek = z.string().check(z.regex(/^20[0-9]{2}-W(0[1-9]|[1-4][0-9]|5[0-3])$/))

/** Standard base64 with padding of exactly one of these numbers of bytes: ciphertext of a size class. */
export function base64Of(sizes: readonly number[]): z.ZodMiniString {
  const lengths = new Set(sizes.map((bytes) => Math.ceil(bytes / 3) * 4))
  return z.string().check(
    z.refine((text) => lengths.has(text.length) && isBase64(text)),
    z.refine((text) => sizes.includes(base64Length(text))),
  )
}

/** How many bytes well-formed base64 text stands for. */
function base64Length(text: string): number {
  return (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0)
}

/** By characters: an expression would take several times as long for the largest items, of 350,000 characters. */
function isBase64(text: string): boolean {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const end = text.length - padding
  for (let i = 0; i < end; i++) {
    if (VALUES[text.charCodeAt(i)] === undefined) return false
  }
  // The digit before the padding has unused bits, which must be zero: each value has one text.
  const last = VALUES[text.charCodeAt(end - 1)] ?? 0
  return text.length % 4 === 0 && last % 4 ** padding === 0
}

/** Values of the digits of base64 by character code; holes elsewhere. */
const VALUES: readonly (number | undefined)[] = (() => {
  const values: (number | undefined)[] = new Array(128).fill(undefined)
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  for (let value = 0; value < digits.length; value++) values[digits.charCodeAt(value)] = value
  return values
})()
