import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Consent } from '#lib/bundle/index.ts'
import { formatPrivateKey, publicKeyOf, sshFingerprint } from '#lib/bundle/index.ts'
import { createBundle } from '../bundle/create-bundle.ts'
import { openBundleLog } from '../bundle/open-bundle-log.ts'
import { readMessages } from '../bundle/read-messages.ts'
import { readScan } from '../bundle/read-scan.ts'
import { selectExhibits } from '../bundle/select-exhibits.ts'
import { writeNewFile } from '../bundle/staging.ts'
import type { CliContext } from '../context.ts'
import { registerPictures } from '../register-pictures.ts'
import { reportTexts } from '../scan/report/texts/index.ts'
import { runScan } from '../scan/run-scan.ts'
import { openSourceTree } from '../source/index.ts'

export interface EvidenceRequest {
  readonly entry: string
  readonly picturePath: string
  readonly exportPath: string
  /** Folder of the custody log. */
  readonly logFolder: string
  /** Where report, key and bundle go. */
  readonly folder: string
  readonly name: string
  readonly witness: string
  readonly consent: Consent
}

export interface Evidence {
  readonly reportFolder: string
  readonly bundle: string
  /** Where a laboratory has it unpacked. */
  readonly folder: string
  readonly exhibits: number
  /** Of the key that signed it, as the hand-over form has it. */
  readonly fingerprint: string
}

/**
 * What `saksi bank add`, `scan --log`, `bundle key` and `bundle create` do one after the other: the export is scanned for one
 * person alone and the scan entered in the log; the bundle holds what was found of her. Throws what they throw.
 */
export async function makeEvidence(context: CliContext, request: EvidenceRequest): Promise<Evidence> {
  const { entry, exportPath, folder, logFolder, name } = request
  const bankPath = join(folder, 'one-survivor.bank')
  const reportFolder = join(folder, 'report')
  const bundle = join(folder, `${name}.zip`)
  await mkdir(folder, { recursive: true })
  await registerPictures(
    context,
    { bankPath, entry, names: [request.picturePath], set: 'full' },
    () => undefined,
  )
  await runScan(context, {
    exportPath,
    bankPath,
    out: { folder: reportFolder, replaces: false },
    mode: 'exact',
    isWholeOnly: false,
    statedZone: null,
    dateOrder: null,
    withheld: new Set(),
    logFolder,
    texts: reportTexts('en'),
  })
  const seed = new Uint8Array(randomBytes(32))
  await writeNewFile(join(folder, 'manifest.key'), formatPrivateKey(seed, 'saksi demo key'))
  const exhibits = await bundleOf(context, request, { reportFolder, bundle, seed })
  return {
    reportFolder,
    bundle,
    folder: join(folder, name),
    exhibits,
    fingerprint: sshFingerprint(publicKeyOf(seed)),
  }
}

async function bundleOf(
  context: CliContext,
  { entry, exportPath, logFolder, name, witness, consent }: EvidenceRequest,
  { reportFolder, bundle, seed }: { reportFolder: string; bundle: string; seed: Uint8Array },
): Promise<number> {
  const { signal } = context
  const nowMs = context.nowMs()
  const scan = await readScan(reportFolder)
  const selected = selectExhibits(scan.report, { files: new Map(), entries: [entry], isAll: false })
  const reading = { contextSize: 2, isMasked: false, statedZone: null, nowMs, signal }
  const made = await createBundle({
    scan,
    selected,
    messages: await readMessages(exportPath, selected, reading),
    withheldPointers: [],
    languages: ['ms'],
    seed,
    out: bundle,
    bagName: name,
    organisation: { name: 'Two women’s groups (demo)', contact: 'custodian@demo.saksi.invalid' },
    witness,
    device: 'Telegram Desktop',
    agency: consent.agency,
    consent,
    lock: null,
    isPlain: false,
    log: await openBundleLog(logFolder, { allowsNoWitness: false, signal }),
    allowsNoWitness: false,
    authorities: [],
    nowMs,
    signal,
  })
  return made.exhibits
}

export interface Checked {
  /** 0 when every check holds and the key was compared; null when no shell could be started. */
  readonly status: number | null
  /** What `VERIFY.sh` says in the end. */
  readonly says: string
}

/** Unpacks a bundle and runs the `VERIFY.sh` in it with the system's own tools, as a laboratory does. */
export async function checkAsLaboratory(bundle: string, fingerprint: string, into: string): Promise<Checked> {
  const tree = await openSourceTree(bundle)
  try {
    for (const { path, sizeBytes } of await tree.files()) {
      const target = join(into, path)
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, await tree.read(path, sizeBytes))
    }
  } finally {
    await tree.close()
  }
  const child = spawn('sh', ['VERIFY.sh', '--fingerprint', fingerprint], {
    cwd: join(into, basename(bundle, '.zip')),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  const [status] = await once(child, 'close').catch(() => [null])
  return { status, says: said.trim().split('\n').at(-1) ?? '' }
}
