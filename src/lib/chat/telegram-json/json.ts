/** An object out of `JSON.parse`: plain data, asked for known keys only. */
export type JsonObject = { readonly [key: string]: unknown }

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function stringOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function sizeOr(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
