import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToText } from '../../bytes/index.ts'
import { type Observation, type Policy, parsePolicy } from '../../tlog/index.ts'
import { BUNDLE_PROOF, ITEM_ENDINGS, PATHS, PROOF_ENDINGS, witnessKeyPath } from '../format/paths.ts'
import { publicKeyPem } from '../format/public-key-pem.ts'
import type { BagReader } from './bag-reader.ts'
import { checkCustody } from './check-custody.ts'
import type { FoundFiles } from './check-files.ts'
import { checkItems } from './check-items.ts'
import { type CheckList, named } from './check-list.ts'
import { KnownCheckpoints } from './known-checkpoints.ts'
import type { VerifyOptions } from './options.ts'
import { parseCsv } from './parse-csv.ts'
import { type IndexRow, type ProvenEntry, readProof } from './read-proof.ts'

const MOST_BYTES = 64 * 1024 * 1024

/** What the log records about an exhibit: the digest of its file, or of the description of where it was seen. */
export interface LoggedExhibit {
  exhibit: string
  plainSha256: string | null
  messageRefSha256: string | null
  /** Text of the item of a sealed capture that holds and lies beside its record; null where there is none. */
  item: string | null
  /** The number of the record that seals its capture. */
  sealedBy: string | null
}

export interface SeenByWitness {
  name: string
  /** `YYYY-MM-DDTHH:MM:SSZ`: not later than this. */
  at: string
}

export interface CheckedLog {
  /** By number of the proof. */
  exhibits: ReadonlyMap<string, LoggedExhibit>
  /** Bodies of the records that material was withheld. */
  withheld: readonly Readonly<Record<string, unknown>>[]
  /** Bodies of the records that seal captures, by number of the proof. */
  seals: ReadonlyMap<string, Readonly<Record<string, unknown>>>
  witnesses: readonly SeenByWitness[]
}

/**
 * Everything the bundle says about the log: keys, records, places in the tree, signatures, custody, and that the bundle
 * itself is recorded. Null when the signed list of the seal promises no log.
 */
export async function checkLog(
  reader: BagReader,
  list: CheckList,
  files: FoundFiles,
  options: VerifyOptions,
): Promise<CheckedLog | null> {
  if (!files.sealExpected.includes(`${BUNDLE_PROOF}.tlog-proof`)) return null
  const policy = await checkPolicy(reader, list, options)
  const origin = policy?.logs[0]?.vkey.name
  const checkpoints = policy === null || origin === undefined ? null : new KnownCheckpoints(policy, origin)
  const rows = await checkIndex(reader, list, files)
  const proven = new Map<string, ProvenEntry>()
  for (const row of rows) {
    const entry = await checkProof(reader, list, checkpoints, `proofs/${row.number}`)
    await list.check(
      `proof.${row.number}.index`,
      `proofs/index.csv names kind and place of ${row.number}.`,
      () => {
        if (entry === null) return 'There is no record that holds.'
        return entry.record.type === row.type && String(entry.index) === row.index ? null : 'They differ.'
      },
    )
    if (entry !== null) proven.set(row.number, entry)
  }
  await checkCustody(reader, list, rows, proven)
  const seals = new Map(
    [...proven].flatMap(([number, { record }]) =>
      record.type === 'collection.sealed' ? [[number, record.body] as const] : [],
    ),
  )
  const items = await checkItems(reader, list, rows, { proven, seals })
  return {
    seals,
    withheld: [...proven.values()].flatMap(({ record }) =>
      record.type === 'exhibit.withheld' ? [record.body] : [],
    ),
    exhibits: new Map(
      rows.flatMap(({ number, sealedBy }) => {
        const body = proven.get(number)?.record.body
        return body
          ? [[number, { ...loggedExhibit(body), item: items.get(number) ?? null, sealedBy }] as const]
          : []
      }),
    ),
    witnesses: await checkBundleRecord(reader, list, checkpoints),
  }
}

const UNWITNESSED =
  'No independent witness co-signs this log: only its keeper vouches for it. Whoever accepts that adds --allow-no-witness.'

async function checkPolicy(
  reader: BagReader,
  list: CheckList,
  options: VerifyOptions,
): Promise<Policy | null> {
  let policy: Policy | null = null
  await list.check('log.policy', 'trust/policy.txt names one log and who must have seen it.', async () => {
    const read = parsePolicy(await reader.read(PATHS.policy, 64 * 1024), { allowNoWitness: true })
    if (read.quorum === null && !options.allowsNoWitness) return UNWITNESSED
    policy = read
    return read.logs.length === 1 ? null : 'It names more than one log.'
  })
  const known = asPolicy(policy)
  await list.check('log.keys', 'The key files for openssl hold the keys of the policy.', async () => {
    if (known === null) return 'There is no policy.'
    const keys = [
      [PATHS.logKey, known.logs[0]?.vkey] as const,
      ...known.witnesses.map(({ vkey }, i) => [witnessKeyPath(i + 1), vkey] as const),
    ]
    const wrong: string[] = []
    for (const [path, vkey] of keys) {
      const text = utf8ToText(await reader.read(path, 4096))
      if (vkey === undefined || text !== publicKeyPem(vkey.publicKey)) wrong.push(path)
    }
    return named('Another key', wrong)
  })
  return known
}

async function checkIndex(reader: BagReader, list: CheckList, files: FoundFiles): Promise<IndexRow[]> {
  let rows: IndexRow[] = []
  await list.check('proofs.index', 'There is a proof for every record and no other file.', async () => {
    const [, ...cells] = parseCsv(utf8ToText(await reader.read(PATHS.proofIndex, MOST_BYTES)) ?? '')
    rows = cells.map(([number = '', type = '', , index = '', sealedBy = '']) => ({
      number,
      type,
      index,
      sealedBy: sealedBy === '-' ? null : sealedBy,
    }))
    const expected = new Set([
      PATHS.proofIndex as string,
      ...rows.flatMap(({ number, sealedBy }) =>
        [...PROOF_ENDINGS, ...(sealedBy === null ? [] : ITEM_ENDINGS)].map(
          (ending) => `proofs/${number}${ending}`,
        ),
      ),
    ])
    const there = [...files.paths].filter((path) => path.startsWith('proofs/'))
    return (
      named(
        'Not a proof',
        there.filter((path) => !expected.has(path)),
      ) ??
      named(
        'Missing',
        [...expected].filter((path) => !files.paths.has(path)),
      ) ??
      named(
        'Misnamed',
        rows.map(({ number }) => number).filter((number) => !/^P\d{4,}$/.test(number)),
      )
    )
  })
  return rows
}

async function checkProof(
  reader: BagReader,
  list: CheckList,
  checkpoints: KnownCheckpoints | null,
  stem: string,
): Promise<ProvenEntry | null> {
  let entry: ProvenEntry | null = null
  const id = stem.replace('proofs/', 'proof.').replace('/', '.')
  await list.check(
    id,
    `${stem}: record, salt, leaf, place in the tree and signatures of log and witnesses hold.`,
    async () => {
      if (checkpoints === null) return 'There is no policy.'
      entry = await readProof(reader, stem, checkpoints)
      return null
    },
  )
  return entry
}

async function checkBundleRecord(
  reader: BagReader,
  list: CheckList,
  checkpoints: KnownCheckpoints | null,
): Promise<SeenByWitness[]> {
  const entry = await checkProof(reader, list, checkpoints, BUNDLE_PROOF)
  await list.check(
    'seal.bundle.record',
    'The log records this bundle: the digest of its signed list.',
    async () => {
      if (entry === null) return 'There is no record that holds.'
      const digest = bytesToHex(sha256(await reader.read(PATHS.tagManifest.sha256, MOST_BYTES)))
      const isOurs = entry.record.type === 'bundle.built' && entry.record.body['tagmanifestSha256'] === digest
      return isOurs ? null : 'It records another bundle.'
    },
  )
  return (entry?.witnesses ?? []).map(seen)
}

function seen({ name, time }: Observation): SeenByWitness {
  return { name, at: new Date(time * 1000).toISOString().replace(/\.\d+Z$/, 'Z') }
}

function loggedExhibit(body: Readonly<Record<string, unknown>>): Omit<LoggedExhibit, 'item' | 'sealedBy'> {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return {
    exhibit: text(body['exhibit'] ?? body['sighting']) ?? '',
    plainSha256: text(body['plainSha256']),
    messageRefSha256: text(body['messageRefSha256']),
  }
}

/** TypeScript does not see that a callback assigned it. */
function asPolicy(policy: Policy | null): Policy | null {
  return policy
}
