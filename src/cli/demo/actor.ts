import type { CliContext } from '../context.ts'

/**
 * The context somebody in the story works in: what commands would print is not printed, and it is as late as on the server.
 */
export function actorContext(context: CliContext, now: () => Date): CliContext {
  return {
    out: async () => undefined,
    note: () => undefined,
    columns: null,
    progress: (label) => context.progress(label),
    // Looked at only by who asks something: standard input is left alone.
    get input() {
      return context.input
    },
    paint: context.paint,
    notePaint: context.notePaint,
    signal: context.signal,
    nowMs: () => now().getTime(),
    workerCount: context.workerCount,
    decodeWorkerUrl: context.decodeWorkerUrl,
    setExitCode: () => undefined,
  }
}
