/** How long a request took, roughly: exact times would let replies be told apart. */
export type DurationBucket = '<10ms' | '<100ms' | '<1s' | '<10s' | '>=10s'

/**
 * Everything that may ever stand in the log. There is no free text from a request, no address, no path with ids, no
 * query, no body, and no time: whoever collects the log stamps it.
 */
export type LogEntry =
  | {
      readonly event: 'request'
      readonly method: string
      /** The template of the route, never the path that was asked for. */
      readonly route: string
      readonly status: number
      readonly duration: DurationBucket
      readonly reference?: string
    }
  | {
      readonly event: 'fault'
      readonly reference: string
      readonly name: string
      readonly code: string
      readonly at: readonly string[]
    }
  | { readonly event: 'job-failed'; readonly kind: string; readonly attempts: number; readonly code: string }
  | {
      readonly event: 'server'
      readonly state: 'ready' | 'stopping' | 'stopped' | 'database-lost' | 'database-back'
    }

export interface Log {
  write(entry: LogEntry): void
}

/** One JSON object a line, to wherever `writeLine` leads. */
export function createLog(writeLine: (line: string) => void): Log {
  return { write: (entry) => writeLine(JSON.stringify(pick(entry))) }
}

const ALLOWED = [
  'event',
  'method',
  'route',
  'status',
  'duration',
  'reference',
  'name',
  'code',
  'at',
  'kind',
  'attempts',
  'state',
]

/** Whatever the types let through by mistake stays out. */
function pick(entry: LogEntry): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => ALLOWED.includes(key)))
}

export function durationBucket(ms: number): DurationBucket {
  return ms < 10 ? '<10ms' : ms < 100 ? '<100ms' : ms < 1_000 ? '<1s' : ms < 10_000 ? '<10s' : '>=10s'
}

/** Where in our program an error arose: places only, for its message may quote what somebody wrote. */
export function placesOf(error: unknown): readonly string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim().replace(/\(?(?:file:\/\/)?\/?(?:[^()\s]*\/)?([^/()\s]+:\d+:\d+)\)?$/, '$1'))
}
