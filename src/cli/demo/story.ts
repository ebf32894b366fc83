import type { CliContext } from '../context.ts'
import { wrapText } from '../terminal/wrap.ts'

/** Prints a line of the step that is under way. */
export type Say = (text: string) => Promise<void>

/** What the demo tells: numbered steps, each with a few lines and the time it took. */
export class Story {
  readonly #context: CliContext
  #steps = 0

  constructor(context: CliContext) {
    this.#context = context
  }

  async step<Result>(title: string, work: (say: Say) => Promise<Result>): Promise<Result> {
    const { out, paint, signal } = this.#context
    signal.throwIfAborted()
    await out('')
    for (const line of this.#wrapped(`${++this.#steps}. ${title}`)) await out(paint.bold(line))
    const startedMs = performance.now()
    const result = await work((text) => this.say(text))
    await out(paint.dim(`   (${((performance.now() - startedMs) / 1_000).toFixed(1)} s)`))
    signal.throwIfAborted()
    return result
  }

  async say(text: string): Promise<void> {
    for (const line of this.#wrapped(`   ${text}`)) await this.#context.out(line)
  }

  #wrapped(text: string): string[] {
    return wrapText(text, this.#context.columns)
  }
}
