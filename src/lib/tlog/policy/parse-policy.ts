import { bytesToHex, textToUtf8, utf8ToText } from '../../bytes/index.ts'
import { TlogError, type TlogErrorCode } from '../errors.ts'
import { KEY_TYPE, parseVkey, type Vkey } from '../note/vkey.ts'
import type { Policy, PolicyGroup, PolicyLog, PolicyWitness } from './policy.ts'

export const MAX_POLICY_BYTES = 64 * 1024
/** Of logs, of witnesses, and of groups. */
export const MAX_POLICY_ENTRIES = 64

/**
 * Reads a policy file (C2SP tlog-policy). The message of every error names the line. Throws `POLICY_SYNTAX`,
 * `POLICY_UNDEFINED`, `POLICY_NAME`, `POLICY_REUSED`, `POLICY_THRESHOLD`, `POLICY_DUPLICATE_KEY`, `POLICY_KEY_TYPE`,
 * `POLICY_QUORUM`, `POLICY_LIMIT`, and `VKEY_MALFORMED` for a key that is none. `quorum none` is `POLICY_QUORUM` unless
 * `allowNoWitness` is set: a log without a witness can show two histories.
 */
export function parsePolicy(
  input: Uint8Array | string,
  { allowNoWitness = false }: { allowNoWitness?: boolean } = {},
): Policy {
  const draft: Draft = {
    logs: [],
    witnesses: [],
    groups: [],
    quorum: [],
    defined: new Set(),
    used: new Set(),
  }
  policyLines(input).forEach((line, i) => {
    const items = line.split(/[ \t]+/).filter((item) => item !== '')
    if (items.length > 0 && items[0]?.startsWith('#') === false) readLine(draft, items, i + 1)
  })
  const [quorum] = draft.quorum
  if (quorum === undefined) throw new TlogError('POLICY_QUORUM', 'the policy has no quorum line')
  if (quorum === NONE && !allowNoWitness) {
    throw new TlogError('POLICY_QUORUM', 'the policy asks for no witness')
  }
  const { logs, witnesses, groups } = draft
  return { logs, witnesses, groups, quorum: quorum === NONE ? null : quorum }
}

const NONE = 'none'

interface Draft {
  readonly logs: PolicyLog[]
  readonly witnesses: PolicyWitness[]
  readonly groups: PolicyGroup[]
  readonly quorum: string[]
  readonly defined: Set<string>
  readonly used: Set<string>
}

/** Throws `POLICY_LIMIT` or `POLICY_SYNTAX`. Octets that are no UTF-8 are read one character each, so names stay apart. */
function policyLines(input: Uint8Array | string): string[] {
  if (input.length > MAX_POLICY_BYTES) throw new TlogError('POLICY_LIMIT', 'the policy is too large')
  const bytes = typeof input === 'string' ? textToUtf8(input) : input
  if (bytes === null) throw new TlogError('POLICY_SYNTAX', 'the policy has no UTF-8 form')
  if (bytes.length > MAX_POLICY_BYTES) throw new TlogError('POLICY_LIMIT', 'the policy is too large')
  const control = bytes.findIndex((byte) => (byte < 0x20 && byte !== 0x09 && byte !== 0x0a) || byte === 0x7f)
  if (control >= 0) {
    const line = bytes.subarray(0, control).filter((byte) => byte === 0x0a).length + 1
    throw at(line, 'POLICY_SYNTAX', 'a control character')
  }
  const text = utf8ToText(bytes) ?? Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  const lines = text.split('\n')
  if (lines.pop() !== '') throw at(lines.length + 1, 'POLICY_SYNTAX', 'a last line without its line feed')
  return lines
}

function readLine(draft: Draft, [keyword, ...items]: string[], line: number): void {
  switch (keyword) {
    case 'log':
      readLog(draft, items, line)
      break
    case 'witness':
      readWitness(draft, items, line)
      break
    case 'group':
      readGroup(draft, items, line)
      break
    case 'quorum':
      readQuorum(draft, items, line)
      break
    default:
      throw at(line, 'POLICY_SYNTAX', 'an unknown keyword')
  }
}

function readLog({ logs }: Draft, [key, url, ...rest]: string[], line: number): void {
  if (key === undefined || rest.length > 0) throw at(line, 'POLICY_SYNTAX', 'log <vkey> [<url>]')
  const vkey = policyKey(key, [KEY_TYPE.ed25519, KEY_TYPE.mlDsaCosignature], logs, line)
  assertRoom(logs, line)
  logs.push({ vkey, url: url ?? null })
}

function readWitness(draft: Draft, [name, key, url, ...rest]: string[], line: number): void {
  if (name === undefined || key === undefined || rest.length > 0) {
    throw at(line, 'POLICY_SYNTAX', 'witness <name> <vkey> [<url>]')
  }
  define(draft, name, line)
  const vkey = policyKey(key, [KEY_TYPE.cosignature, KEY_TYPE.mlDsaCosignature], draft.witnesses, line)
  assertRoom(draft.witnesses, line)
  draft.witnesses.push({ name, vkey, url: url ?? null })
}

function readGroup(draft: Draft, [name, threshold, ...members]: string[], line: number): void {
  if (name === undefined || threshold === undefined) {
    throw at(line, 'POLICY_SYNTAX', 'group <name> all|any|<k> <member>...')
  }
  const count = thresholdOf(threshold, members.length)
  if (count === null) throw at(line, 'POLICY_THRESHOLD', `${threshold} of ${members.length}`)
  for (const member of members) {
    if (member === NONE) throw at(line, 'POLICY_NAME', 'none is no member')
    if (!draft.defined.has(member)) throw at(line, 'POLICY_UNDEFINED', member)
    if (draft.used.has(member)) throw at(line, 'POLICY_REUSED', member)
    draft.used.add(member)
  }
  define(draft, name, line)
  assertRoom(draft.groups, line)
  draft.groups.push({ name, threshold: count, members })
}

function readQuorum({ quorum, defined }: Draft, [name, ...rest]: string[], line: number): void {
  if (name === undefined || rest.length > 0) throw at(line, 'POLICY_SYNTAX', 'quorum <name>|none')
  if (quorum.length > 0) throw at(line, 'POLICY_QUORUM', 'a second quorum line')
  if (name !== NONE && !defined.has(name)) throw at(line, 'POLICY_UNDEFINED', name)
  quorum.push(name)
}

function define({ defined }: Draft, name: string, line: number): void {
  if (name === NONE || defined.has(name)) throw at(line, 'POLICY_NAME', name)
  defined.add(name)
}

/** The number of members that must agree, or null when it is not from 1 to the number of members. */
function thresholdOf(text: string, members: number): number | null {
  const count =
    text === 'any' ? 1 : text === 'all' ? members : /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : 0
  return count >= 1 && count <= members ? count : null
}

function policyKey(text: string, types: number[], others: readonly { vkey: Vkey }[], line: number): Vkey {
  const vkey = parseKey(text, line)
  if (!types.includes(vkey.type)) throw at(line, 'POLICY_KEY_TYPE', `type ${vkey.type}`)
  const publicKey = bytesToHex(vkey.publicKey)
  if (others.some((other) => bytesToHex(other.vkey.publicKey) === publicKey)) {
    throw at(line, 'POLICY_DUPLICATE_KEY', vkey.name)
  }
  return vkey
}

function parseKey(text: string, line: number): Vkey {
  try {
    return parseVkey(text)
  } catch (cause) {
    throw new TlogError('VKEY_MALFORMED', `line ${line} of the policy: no verifier key`, { cause })
  }
}

function assertRoom(entries: readonly unknown[], line: number): void {
  if (entries.length >= MAX_POLICY_ENTRIES) throw at(line, 'POLICY_LIMIT', 'too many lines of its kind')
}

function at(line: number, code: TlogErrorCode, what: string): TlogError {
  return new TlogError(code, `line ${line} of the policy: ${what}`)
}
