import { writeSync } from 'node:fs'
import { DEFAULT_QUOTA } from '../case-store/index.ts'
import { serve } from '../serve.ts'

// A program for the tests: a server on a free port, without limits and with easy puzzles, that waits to be killed.
// Argument: the data directory. It says where it listens.
const [data = ''] = process.argv.slice(2)
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())

await serve(
  {
    data,
    host: '127.0.0.1',
    port: 0,
    signal: stop.signal,
    say: (line) => void writeSync(1, `${line}\n`),
    log: () => undefined,
  },
  {
    limits: {
      opensPerHour: Number.MAX_SAFE_INTEGER,
      fetchesPerHour: Number.MAX_SAFE_INTEGER,
      opensPerMinute: Number.MAX_SAFE_INTEGER,
    },
    puzzleBits: 1,
    quota: DEFAULT_QUOTA,
  },
)
