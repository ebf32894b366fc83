import type { RandomBytes } from './random.ts'

/** The values in an order of which each is equally likely (Fisher-Yates). At most 65,536 values. */
export function shuffled<Value>(values: readonly Value[], random: RandomBytes): Value[] {
  const left = [...values]
  const order: Value[] = []
  while (left.length > 0) order.push(...left.splice(below(left.length, random), 1))
  return order
}

/** A whole number below `limit`, each equally likely. */
function below(limit: number, random: RandomBytes): number {
  const fair = 65_536 - (65_536 % limit)
  for (;;) {
    const [high = 0, low = 0] = random(2)
    const value = high * 256 + low
    if (value < fair) return value % limit
  }
}
