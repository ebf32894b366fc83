/** `YYYY-MM-DDTHH:MM:SSZ` for seconds since 1970, or the number itself where that is no date. */
export function isoSeconds(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace(/\.\d+Z$/, 'Z')
}
