import { AppError } from '#lib/errors/index.ts'

/** Where somebody answers: a terminal, or a pipe of which the first line counts. */
export interface Input {
  readonly isTerminal: boolean
  /** The answer to a question, without the line's end; null at the end of the input. Shows dots for what is secret. */
  ask(question: string, options?: { readonly isSecret?: boolean }): Promise<string | null>
}

const MAX_LINE_CHARACTERS = 4_096
const ENTER = /[\r\n]/
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const BACKSPACE = /[\u007f\b]/

/** How somebody who is asked stops the program. */
export interface Interruption {
  /** Called when a key asks for it: in raw mode a terminal sends no signal of itself. */
  begin(): void
  /** Aborted once the program is stopping. */
  readonly signal: AbortSignal
}

/** Answers from `stdin`; questions go to `write`, standard error, so that a result on standard output stays clean. */
export function createInput(
  stdin: NodeJS.ReadStream,
  write: (text: string) => void,
  interruption: Interruption,
): Input {
  const lines = stdin.isTTY === true ? null : linesOf(stdin)
  return {
    isTerminal: stdin.isTTY === true,
    ask: async (question, { isSecret = false } = {}) => {
      if (lines !== null) {
        const { value, done } = await lines.next()
        // Whoever started us may leave the pipe open: that must not keep us alive.
        stdin.unref()
        return done === true ? null : value
      }
      write(question)
      return askTerminal(stdin, { write, isSecret, interruption })
    },
  }
}

/** Line by line from a pipe, bounded. Throws `AppError` INPUT_TOO_LONG. */
async function* linesOf(stdin: NodeJS.ReadStream): AsyncGenerator<string, undefined> {
  let rest = ''
  for await (const chunk of stdin.setEncoding('utf8')) {
    rest += String(chunk)
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      yield rest.slice(0, end).replace(/\r$/, '')
      rest = rest.slice(end + 1)
    }
    if (rest.length > MAX_LINE_CHARACTERS) throw new AppError('INPUT_TOO_LONG', 'This line is too long.')
  }
  if (rest !== '') yield rest
  return undefined
}

interface Asking {
  readonly write: (text: string) => void
  readonly isSecret: boolean
  readonly interruption: Interruption
}

/** In raw mode, so that a secret is not shown and does not stand in the line discipline's history. */
function askTerminal(
  stdin: NodeJS.ReadStream,
  { write, isSecret, interruption }: Asking,
): Promise<string | null> {
  return new Promise((resolve) => {
    let answer = ''
    let isOver = false
    const end = (value: string | null): void => {
      if (isOver) return
      isOver = true
      stdin.off('data', onData)
      stdin.setRawMode(false)
      stdin.pause()
      write('\n')
      resolve(value)
    }
    const onData = (chunk: string): void => {
      for (const character of chunk) {
        const ended = endOf(character, answer)
        if (ended !== undefined) {
          end(ended)
          return
        }
        if (character === CTRL_C) {
          interruption.begin()
          return
        }
        if (BACKSPACE.test(character)) {
          if (answer !== '') write('\b \b')
          answer = answer.slice(0, -1)
        } else if (answer.length < MAX_LINE_CHARACTERS && character >= ' ') {
          answer += character
          write(isSecret ? '•' : character)
        }
      }
    }
    interruption.signal.addEventListener('abort', () => end(null), { once: true })
    stdin.setEncoding('utf8')
    stdin.setRawMode(true)
    stdin.on('data', onData)
    stdin.resume()
  })
}

/** The answer when this key ends it, null when it ends the input, undefined when it goes on. */
function endOf(character: string, answer: string): string | null | undefined {
  if (ENTER.test(character)) return answer
  if (character === CTRL_D && answer === '') return null
  return character === CTRL_D ? answer : undefined
}
