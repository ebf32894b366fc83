import { availableParallelism, homedir } from 'node:os'
import { join } from 'node:path'

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

/** What people may hand over in the environment rather than type; never as an argument, which other programs can read. */
export interface GivenSecrets {
  readonly returnCode: string | null
  readonly invite: string | null
  readonly passphrase: string | null
}

/** Takes the secrets out of the environment, so that no program started later inherits them. */
export function takeSecrets(): GivenSecrets {
  return {
    returnCode: take('SAKSI_RETURN_CODE'),
    invite: take('SAKSI_INVITE'),
    passphrase: take('SAKSI_PASSPHRASE'),
  }
}

function take(name: string): string | null {
  const value = process.env[name]
  delete process.env[name]
  return value === undefined || value === '' ? null : value
}

/** Where reports go, and the fingerprint of the organisation that is meant: what its leaflet says. */
export function readLeaflet(): { readonly server: string | null; readonly organisation: string | null } {
  const { env } = process
  return { server: env['SAKSI_SERVER'] ?? null, organisation: env['SAKSI_ORGANISATION'] ?? null }
}

/** Where programs of this user keep what they need between two runs (XDG base directories). */
export function stateFolder(): string {
  const { env } = process
  return join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'saksi')
}
