import { formatVkey, parseVkey, type Vkey } from '#lib/tlog/index.ts'
import { LogStoreError } from './errors.ts'

/** A witness of a log, and where it answers. */
export interface NamedWitness {
  readonly vkey: Vkey
  readonly url: string
}

/** Reads `<vkey>@<url>`. Throws `LOG_SETTINGS`, `VKEY_MALFORMED`. */
export function parseWitness(text: string): NamedWitness {
  const [, key = '', url = ''] = /^(.+)@(https?:\/\/[!-~]+)$/.exec(text) ?? []
  if (key === '') {
    throw new LogStoreError(
      'LOG_SETTINGS',
      'A witness is given as its key and its address: NAME+ID+KEY@https://witness.example.net',
    )
  }
  return { vkey: parseVkey(key), url: url.replace(/\/+$/, '') }
}

/** The policy of a log (C2SP tlog-policy). `quorum` of its witnesses must have seen a checkpoint; more than half unless told. */
export function policyText(
  logs: readonly Vkey[],
  witnesses: readonly NamedWitness[],
  quorum = Math.floor(witnesses.length / 2) + 1,
): string {
  const names = witnesses.map(({ vkey }) => vkey.name)
  const lines = [
    ...logs.map((log) => `log ${formatVkey(log)}`),
    ...witnesses.map(({ vkey, url }) => `witness ${vkey.name} ${formatVkey(vkey)} ${url}`),
    ...(names.length === 0
      ? ['quorum none']
      : [`group witnesses ${quorum} ${names.join(' ')}`, 'quorum witnesses']),
  ]
  return `${lines.join('\n')}\n`
}
