import { once } from 'node:events'
import { readConfig } from './config.ts'
import { createInput, type Input } from './terminal/input.ts'
import { createPaint, type Paint } from './terminal/paint.ts'
import { type Progress, startProgress } from './terminal/progress.ts'
import { wrapText } from './terminal/wrap.ts'

const DEFAULT_COLUMNS = 80

/** What a command may use of the outside world. Commands take it as an argument and touch no global themselves. */
export interface CliContext {
  /** A line on standard output: results. Resolves when the reader is ready for more. */
  out(line: string): Promise<void>
  /** A note for a person, on standard error; broken into lines where that is a terminal. */
  note(line: string): void
  /** How wide standard output is where it is a terminal, else null: then nothing is broken into lines. */
  columns: number | null
  progress(label: string): Progress
  /** Where somebody answers. */
  input: Input
  paint: Paint
  notePaint: Paint
  /** Aborted by Ctrl-C or SIGTERM; a command then stops, leaves nothing half-written and rejects. */
  signal: AbortSignal
  nowMs(): number
  workerCount: number
  decodeWorkerUrl: URL
  setExitCode(code: number): void
}

export function createContext(signal: AbortSignal, decodeWorkerUrl: URL): CliContext {
  const { stdout, stderr } = process
  const outConfig = readConfig(stdout.isTTY === true)
  const noteConfig = readConfig(stderr.isTTY === true)
  const nowMs = (): number => Date.now()
  // Looking at standard input would keep a program alive that never asks anything.
  let input: Input | null = null
  return {
    out: async (line) => {
      if (!stdout.write(`${line}\n`)) await once(stdout, 'drain')
    },
    note: (line) => void stderr.write(`${wrapText(line, columnsOf(stderr)).join('\n')}\n`),
    get columns() {
      return columnsOf(stdout)
    },
    progress: (label) =>
      startProgress(label, {
        write: (text) => void stderr.write(text),
        isTerminal: stderr.isTTY === true,
        columns: () => columnsOf(stderr) ?? DEFAULT_COLUMNS,
        nowMs,
      }),
    get input() {
      input ??= createInput(process.stdin, (text) => void stderr.write(text), {
        signal,
        begin: () => void process.kill(process.pid, 'SIGINT'),
      })
      return input
    },
    paint: createPaint(outConfig.isColourWanted),
    notePaint: createPaint(noteConfig.isColourWanted),
    signal,
    nowMs,
    workerCount: outConfig.workerCount,
    decodeWorkerUrl,
    setExitCode: (code) => {
      process.exitCode = code
    },
  }
}

/** A terminal that does not know its width says 0. */
function columnsOf(stream: NodeJS.WriteStream): number | null {
  return stream.isTTY === true ? stream.columns || DEFAULT_COLUMNS : null
}
