import { availableParallelism } from 'node:os'

/** Everything the command line takes from its environment, read here and nowhere else. */
export interface CliConfig {
  isColourWanted: boolean
  workerCount: number
  /** Show the stack of an error. Never shows contents of an export. */
  isDebug: boolean
}

export function readConfig(isTerminal: boolean): CliConfig {
  const { env } = process
  const workers = Number(env['SAKSI_WORKERS'])
  const isColourForced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0'
  return {
    isColourWanted: isColourForced || (isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb'),
    workerCount: Number.isInteger(workers) && workers > 0 && workers <= 64 ? workers : availableParallelism(),
    isDebug: env['SAKSI_DEBUG'] === '1',
  }
}
