import type { Random } from '#lib/scenes/index.ts'

const DAY_SECONDS = 86_400
const SPAN_SECONDS = 180 * DAY_SECONDS

/** When messages are sent: bursts, pauses and quiet nights. At most about half a year passes, five minutes a message on average. */
export class Clock {
  private readonly random: Random
  private readonly averageGap: number
  private readonly offsetSeconds: number
  /** Seconds since 1970. */
  private now: number

  constructor(random: Random, startUnix: number, messages: number, offsetSeconds: number) {
    this.random = random
    this.now = startUnix
    this.averageGap = Math.min(300, SPAN_SECONDS / Math.max(1, messages))
    this.offsetSeconds = offsetSeconds
  }

  next(): number {
    const mood = this.random.unit()
    const [least, most] = mood < 0.75 ? [0.02, 0.3] : mood < 0.97 ? [0.5, 3] : [5, 30]
    this.now += Math.round(this.averageGap * this.random.between(least, most))
    const hour = Math.floor(((this.now + this.offsetSeconds) % DAY_SECONDS) / 3600)
    if (hour >= 1 && hour < 6 && this.random.isHit(0.9))
      this.now += (7 - hour) * 3600 + this.random.below(3600)
    return this.now
  }
}
