/**
 * Runs `work` on the items, at most `limit` at a time, and yields the results in the order of the items. Nothing is read
 * ahead of the limit, so a slow consumer slows the source.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const underWay: Promise<Result>[] = []
  for await (const item of items) {
    const result = work(item)
    // A rejection is delivered when its turn comes; until then it must not count as unhandled.
    result.catch(() => undefined)
    underWay.push(result)
    if (underWay.length < limit) continue
    const [first] = underWay.splice(0, 1)
    if (first) yield await first
  }
  for (const result of underWay) yield await result
}
