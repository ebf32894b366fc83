/** Rows in an order that a thief sees, each as the number of the entry it belongs to, which the thief does not know. */
export type SeenOrder = readonly number[]

/** How often rows that stand next to each other are of one entry. */
export function neighboursOfOneEntry(order: SeenOrder): number {
  return order.filter((entry, n) => n > 0 && entry === order[n - 1]).length
}

/** How closely places follow the order in which entries came: Spearman's rank correlation of place and entry. */
export function followsArrival(order: SeenOrder): number {
  const mean = (order.length - 1) / 2
  const ranks = midRanks(order)
  let [product, own, others] = [0, 0, 0]
  for (const [place, rank] of ranks.entries()) {
    product += (place - mean) * (rank - mean)
    own += (place - mean) ** 2
    others += (rank - mean) ** 2
  }
  return product / Math.sqrt(own * others)
}

/**
 * A bound on the chance that rows in an order by lot have so many such neighbours or more: each of the n - 1 places has one with
 * the chance that two rows by lot are of one entry, and they hardly depend on each other, so that their number is close to
 * Poisson's distribution (Chen, Stein). It is doubled for what is not said by that.
 */
export function chanceOfNeighbours(order: SeenOrder, count: number): number {
  const sizes = new Map<number, number>()
  for (const entry of order) sizes.set(entry, (sizes.get(entry) ?? 0) + 1)
  const pairs = [...sizes.values()].reduce((sum, size) => sum + size * (size - 1), 0)
  const mean = pairs / order.length
  let term = Math.exp(-mean)
  let below = 0
  for (let k = 0; k < count; k++) {
    below += term
    term *= mean / (k + 1)
  }
  return Math.min(1, 2 * Math.max(0, 1 - below))
}

/** The chance of a rank correlation as far from 0 or farther: it is near the normal distribution with deviation 1/sqrt(n - 1). */
export function chanceOfCorrelation(order: SeenOrder, correlation: number): number {
  const z = Math.abs(correlation) * Math.sqrt(order.length - 1)
  // Bound of the tail of the normal distribution (Mills), on both sides.
  return Math.min(1, (2 * Math.exp(-(z * z) / 2)) / (Math.max(z, 1) * Math.sqrt(2 * Math.PI)))
}

function midRanks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b)
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2)
}
