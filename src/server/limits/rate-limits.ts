import { createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Clock } from '../clock.ts'

const HOUR_MS = 60 * 60_000
const MINUTE_MS = 60_000
/** More places than this in one hour are a flood; then unknown ones count as having used up what they have. */
const MAX_PLACES = 100_000

export interface LimitSettings {
  /** Reports from one network address in an hour before its puzzles become the hardest. */
  readonly opensPerHour: number
  readonly fetchesPerHour: number
  /** Reports in all in a minute before puzzles become harder. */
  readonly opensPerMinute: number
}

export const DEFAULT_LIMITS: LimitSettings = { opensPerHour: 10, fetchesPerHour: 60, opensPerMinute: 200 }

type Counted = 'open' | 'fetch'

/**
 * How much came from where, in memory only. Addresses are kept as HMACs under a key that is thrown away every hour, so
 * that nothing of them outlives it. Addresses of one IPv6 /64 count as one place.
 */
export class RateLimits {
  readonly settings: LimitSettings
  readonly #clock: Clock
  readonly #random: (bytes: number) => Uint8Array
  #hour = -1
  #key: Uint8Array = new Uint8Array()
  #counts = new Map<string, number>()
  #minute = -1
  #opensThisMinute = 0
  #opensLastMinute = 0

  constructor(settings: LimitSettings, clock: Clock, random: (bytes: number) => Uint8Array) {
    this.settings = settings
    this.#clock = clock
    this.#random = random
  }

  /** Counts one and says how many there are now from this place in this hour. */
  count(what: Counted, address: string): number {
    if (what === 'open') {
      this.#turnMinute()
      this.#opensThisMinute++
    }
    const place = this.#place(what, address)
    const former = this.#counts.get(place)
    if (former === undefined && this.#counts.size >= MAX_PLACES) return Number.POSITIVE_INFINITY
    this.#counts.set(place, (former ?? 0) + 1)
    return (former ?? 0) + 1
  }

  /** How many there were from this place in this hour. */
  countOf(what: Counted, address: string): number {
    return this.#counts.get(this.#place(what, address)) ?? 0
  }

  /** Reports a minute over the limit, as a factor: 1 is at the limit. */
  get pressure(): number {
    this.#turnMinute()
    return Math.max(this.#opensThisMinute, this.#opensLastMinute) / this.settings.opensPerMinute
  }

  #turnMinute(): void {
    const minute = Math.floor(this.#clock.now().getTime() / MINUTE_MS)
    if (minute === this.#minute) return
    this.#opensLastMinute = minute === this.#minute + 1 ? this.#opensThisMinute : 0
    this.#opensThisMinute = 0
    this.#minute = minute
  }

  #place(what: Counted, address: string): string {
    const hour = Math.floor(this.#clock.now().getTime() / HOUR_MS)
    if (hour !== this.#hour) {
      this.#hour = hour
      this.#key = this.#random(32)
      this.#counts = new Map()
    }
    return createHmac('sha256', this.#key)
      .update(`${what}\n${network(address)}`)
      .digest('base64')
  }
}

/** An IPv6 address as its /64: whoever has one address there has them all. */
function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1] !== undefined) return mapped[1]
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('%')[0]?.toLowerCase().split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros =
    tail === undefined ? [] : new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
