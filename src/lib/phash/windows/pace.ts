import { WindowError } from './errors.ts'

/** What of an `AbortSignal` is looked at, so that one of a browser, of Node or a plain object will do. */
export interface StopSignal {
  readonly aborted: boolean
}

/** Throws `ABORTED` when the signal says so. */
export function assertRunning(signal: StopSignal | undefined): void {
  if (signal?.aborted) throw new WindowError('ABORTED', 'Stopped. Nothing of the picture was kept.')
}

/** Lets other tasks run, then throws `ABORTED` when the signal says so. */
export async function pause(signal: StopSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(() => resolve(undefined), 0))
  assertRunning(signal)
}
