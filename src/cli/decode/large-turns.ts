interface Turn {
  id: number
  start: () => void
}

/** One large picture at a time, first come first served. */
export class LargeTurns {
  /** The first has the turn, the others wait. */
  #queue: Turn[] = []

  /** Calls `start` when it is the turn of job `id`, at once when nobody has it. */
  ask(id: number, start: () => void): void {
    this.#queue.push({ id, start })
    if (this.#queue.length === 1) start()
  }

  /** The job has ended, with its turn, while waiting for it or without having asked. */
  giveBack(id: number): void {
    const hadTurn = this.#queue[0]?.id === id
    this.#queue = this.#queue.filter((turn) => turn.id !== id)
    if (hadTurn) this.#queue[0]?.start()
  }
}
