import { writeSync } from 'node:fs'
import { DEFAULT_QUOTA } from '../case-store/index.ts'
import { serve } from '../serve.ts'

// A program for the tests: a server on a free port, without limits and with easy puzzles, that waits to be killed.
// Arguments: the data directory; `log` to have its log on the standard output; `roomy` to let a case that nobody has opened
// hold as much as one that is worked on; `flooded` for the limits of a server in use, with puzzles
// that a flood has solved long ago. It says where it listens.
// SIGUSR2 turns its clock on by a quarter of an hour.
const [data = '', ...words] = process.argv.slice(2)
const ROOMY_QUOTA = { ...DEFAULT_QUOTA, unopenedBytes: DEFAULT_QUOTA.openedBytes }
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
const write = (line: string): void => void writeSync(1, `${line}\n`)

let turnedMs = 0
process.on('SIGUSR2', () => {
  turnedMs += 15 * 60_000
})
const machineNow = Date.now
const MachineDate = Date
globalThis.Date = new Proxy(MachineDate, {
  construct: (_target, given: unknown[]) =>
    given.length === 0 ? new MachineDate(machineNow() + turnedMs) : Reflect.construct(MachineDate, given),
})
Date.now = () => machineNow() + turnedMs

await serve(
  {
    data,
    host: '127.0.0.1',
    port: 0,
    signal: stop.signal,
    say: write,
    log: words.includes('log') ? write : () => undefined,
  },
  words.includes('flooded')
    ? { puzzleBits: 1 }
    : {
        limits: {
          opensPerHour: Number.MAX_SAFE_INTEGER,
          fetchesPerHour: Number.MAX_SAFE_INTEGER,
          opensPerMinute: Number.MAX_SAFE_INTEGER,
        },
        puzzleBits: 1,
        quota: words.includes('roomy') ? ROOMY_QUOTA : DEFAULT_QUOTA,
      },
)
