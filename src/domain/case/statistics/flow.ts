/** Whole numbers from `low` to `high`, both included. */
export interface Range {
  readonly low: number
  readonly high: number
}

/** Stands for "no upper limit": far above any count. */
export const NO_LIMIT = 1_000_000_000

/** What somebody who reads a published table knows of it. */
export interface Known {
  readonly cells: readonly (readonly Range[])[]
  readonly rows: readonly Range[]
  readonly columns: readonly Range[]
  readonly total: Range
}

interface Arc {
  readonly to: number
  room: number
  /** Index of the arc back. */
  readonly back: number
}

/**
 * Whether there is a table of whole numbers that fits everything known. Exact: the table is a flow from the total through rows,
 * cells and columns back to the total, and a flow within whole limits exists in whole numbers where one exists at all (Hoffman's
 * circulation theorem).
 */
export function isPossible({ cells, rows, columns, total }: Known): boolean {
  const [source, sink] = [0, 1]
  const rowNode = (row: number) => 2 + row
  const columnNode = (column: number) => 2 + rows.length + column
  const network = new Network(2 + rows.length + columns.length)
  rows.forEach((range, row) => {
    network.add(source, rowNode(row), range)
  })
  columns.forEach((range, column) => {
    network.add(columnNode(column), sink, range)
  })
  cells.forEach((line, row) => {
    line.forEach((range, column) => {
      network.add(rowNode(row), columnNode(column), range)
    })
  })
  network.add(sink, source, total)
  return network.hasCirculation()
}

/** A network with lower and upper limits on its arcs. */
class Network {
  readonly #arcs: Arc[][]
  /** What the lower limits bring into each node, less what they take out. */
  readonly #excess: number[]
  #isImpossible = false

  constructor(nodes: number) {
    // Two nodes more: where the lower limits' flow comes from and goes to.
    this.#arcs = Array.from({ length: nodes + 2 }, () => [])
    this.#excess = Array.from({ length: nodes }, () => 0)
  }

  add(from: number, to: number, { low, high }: Range): void {
    if (low > high) this.#isImpossible = true
    this.#connect(from, to, high - low)
    this.#excess[to] = (this.#excess[to] ?? 0) + low
    this.#excess[from] = (this.#excess[from] ?? 0) - low
  }

  hasCirculation(): boolean {
    if (this.#isImpossible) return false
    const [source, sink] = [this.#excess.length, this.#excess.length + 1]
    let wanted = 0
    this.#excess.forEach((excess, node) => {
      if (excess > 0) this.#connect(source, node, excess)
      if (excess < 0) this.#connect(node, sink, -excess)
      wanted += Math.max(excess, 0)
    })
    let flow = 0
    for (let more = this.#augment(source, sink); more > 0; more = this.#augment(source, sink)) flow += more
    return flow === wanted
  }

  #connect(from: number, to: number, room: number): void {
    const [out, into] = [this.#arcs[from], this.#arcs[to]]
    if (!out || !into) return
    out.push({ to, room, back: into.length })
    into.push({ to: from, room: 0, back: out.length - 1 })
  }

  /** Sends as much as fits along a shortest path with room left, and says how much that was. */
  #augment(source: number, sink: number): number {
    const cameBy = new Map<number, { readonly from: number; readonly arc: Arc }>()
    const queue = [source]
    for (let from = queue.shift(); from !== undefined && !cameBy.has(sink); from = queue.shift())
      for (const arc of this.#arcs[from] ?? [])
        if (arc.room > 0 && arc.to !== source && !cameBy.has(arc.to)) {
          cameBy.set(arc.to, { from, arc })
          queue.push(arc.to)
        }
    const path: Arc[] = []
    for (let step = cameBy.get(sink); step; step = cameBy.get(step.from)) path.push(step.arc)
    if (path.length === 0) return 0
    const amount = Math.min(...path.map(({ room }) => room))
    for (const arc of path) {
      arc.room -= amount
      const back = this.#arcs[arc.to]?.[arc.back]
      if (back) back.room += amount
    }
    return amount
  }
}
