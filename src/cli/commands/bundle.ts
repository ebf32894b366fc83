import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import {
  BAG_NAME,
  formatPrivateKey,
  parsePrivateKey,
  publicKeyOf,
  sshFingerprint,
  UNSTATED_ORGANISATION,
  type Verification,
} from '#lib/bundle/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { addHandOver } from '../bundle/add-hand-over.ts'
import { bagNameOf, type CreatedBundle, createBundle } from '../bundle/create-bundle.ts'
import {
  authoritiesOf,
  type CreateOptions,
  consentOf,
  contextSizeOf,
  exhibitFiles,
  languagesOf,
  lockOf,
  readInput,
  readText,
} from '../bundle/create-options.ts'
import { openBundleLog } from '../bundle/open-bundle-log.ts'
import { PASSPHRASE_BYTES, passphraseOf } from '../bundle/passphrase.ts'
import { readMessages } from '../bundle/read-messages.ts'
import { readScan } from '../bundle/read-scan.ts'
import { selectExhibits } from '../bundle/select-exhibits.ts'
import { writeNewFile } from '../bundle/staging.ts'
import { verifyBundleFile } from '../bundle/verify-bundle.ts'
import { readWithheldPointers } from '../bundle/withheld-pointers.ts'
import type { CliContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { safeText } from '../terminal/safe-text.ts'

interface VerifyCommandOptions {
  fingerprint?: string
  identity?: string[]
  passphraseFile?: string
  allowNoWitness?: boolean
  json?: boolean
}

const CREATE_HELP = `
Examples:
  $ saksi bundle key manifest.key
  $ saksi bundle create --scan report --entry S-001 --key manifest.key --out WAO-0007-H1.zip
  $ saksi bundle create --scan report --exhibit photo_28.jpg --key manifest.key --to age1... \\
      --agency "Cyber Unit" --consent "2026-014" --tsa https://tsa.example/ --out WAO-0007-H1.zip.age

The bundle holds what the scan found of the entries or files chosen, and nothing of anybody else: where each picture
stood, its digest, the way it was recognised; a signed list of all files, a report, drafts for lawyers, and VERIFY.sh,
which checks everything with stock tools. A picture goes along only with --exhibit, and then encrypted to --to.
Pictures withheld from the scan are never in it; their number is.

With --tsa, only the digest of the list of files is sent to the address given, and nothing else uses a network.`

const VERIFY_HELP = `
Examples:
  $ saksi bundle verify WAO-0007-H1.zip --fingerprint SHA256:...
  $ saksi bundle verify WAO-0007-H1.zip.age --identity agency.key

Prints a line for each check. Ends with 0 only when every check holds. Compare the key's fingerprint with the hand-over
form, or give it with --fingerprint: a bundle made by somebody else verifies too, with another key.`

export function addBundleCommand(program: Command, context: CliContext): void {
  const bundle = program
    .command('bundle')
    .summary('hand evidence over, and check what was handed over')
    .description('Makes and checks evidence bundles that a laboratory can verify without Saksi.')
  addCreate(bundle, context)
  bundle
    .command('verify')
    .summary('check a bundle: each check a line')
    .description('Checks a bundle completely, without the program that made it and without a network.')
    .argument('<file>', 'the .zip or .zip.age that was handed over, or its folder')
    .option('--fingerprint <fingerprint>', 'fingerprint of the key on the hand-over form: SHA256:...')
    .option('--identity <file...>', 'age identity file, for an encrypted bundle')
    .option('--passphrase-file <file>', 'file with the passphrase, for an encrypted bundle')
    .option('--allow-no-witness', 'accept a log that no independent witness co-signs')
    .option('--json', 'print one JSON object')
    .addHelpText('after', VERIFY_HELP)
    .action((file: string, options: VerifyCommandOptions) => verify(context, file, options))
  addHandOver(bundle, context)
  bundle
    .command('key')
    .summary('make a key for signing bundles')
    .description(
      'Makes an Ed25519 key for signing bundles, in the form of OpenSSH, and shows its fingerprint.',
    )
    .argument('<file>', 'where the private key goes; it must not be there yet')
    .action((file: string) => makeKey(context, file))
}

function addCreate(bundle: Command, context: CliContext): void {
  bundle
    .command('create')
    .summary('make a bundle from a scan')
    .description('Makes a signed evidence bundle from the report of a scan.')
    .requiredOption('--scan <folder>', 'report folder of a scan (saksi scan --out)')
    .requiredOption('--key <file>', 'private Ed25519 key of the organisation for manifests')
    .requiredOption('--out <file>', 'the bundle; never replaces a file')
    .option('--exhibit <file...>', 'pictures of the scan that go along, encrypted')
    .option('--export <export>', 'export that was scanned: the messages go along, byte for byte')
    .option('--lang <language...>', 'reports and Malaysian drafts also in ms, zh-Hans or ta')
    .option('--context <n>', 'also that many messages before and after, with other people masked')
    .option('--mask', 'the messages masked and without their bytes: they name other people')
    .option('--withheld-pointers <file>', 'JSON list of where withheld material was; never what it was')
    .option('--entry <id...>', 'whose matches are handed over')
    .option('--all', 'matches of all entries')
    .option('--name <name>', 'name of the bundle (default: from --out)')
    .option('--organisation <name>', 'who hands it over')
    .option('--contact <mailbox>', 'role mailbox of the custodian')
    .option('--witness <pseudonym>', 'who captured it, by role or pseudonym such as W-017; never a name')
    .option('--device <words>', 'what the witness says the export was made with')
    .option('--agency <name>', 'who receives it')
    .option('--consent <reference>', 'number or date of the consent to this hand-over; never a name')
    .option('--purpose <word>', 'what the consent is for (default: investigation)')
    .option('--consent-expires <time>', 'when the consent ends, YYYY-MM-DDTHH:MM:SSZ')
    .option('--log <folder>', 'append-only log in which the exhibits and the bundle are recorded')
    .option('--allow-no-witness', 'accept a log that no independent witness co-signs')
    .option('--tsa <url...>', 'time-stamp authority (RFC 3161)')
    .option('--tsa-roots <file>', 'PEM roots of the authority (default: those that come with Node.js)')
    .option('--tsa-chain <file>', 'PEM certificates between them')
    .option('--to <recipient...>', 'age recipient (age1...) of who may open it')
    .option('--passphrase', 'encrypt with a passphrase that is made up and shown once')
    .option('--plain-originals', "enclose pictures as they are; only on the agency's written request")
    .option('--json', 'print one JSON object')
    .addHelpText('after', CREATE_HELP)
    .action((options: CreateOptions) => create(context, options))
}

async function create(context: CliContext, options: CreateOptions): Promise<void> {
  const bagName = options.name ?? bagNameOf(options.out)
  if (!BAG_NAME.test(bagName))
    throw new AppError('USAGE', '--name takes letters, digits and dashes, at most 64.')
  const contextSize = contextSizeOf(options)
  const languages = languagesOf(options)
  const passphrase = options.passphrase ? passphraseOf(randomBytes(PASSPHRASE_BYTES)) : null
  const lock = await lockOf(options, passphrase)
  const seed = parsePrivateKey(await readInput(options.key, 'key'))
  const scan = await readScan(options.scan)
  const isPlain = options.plainOriginals === true
  const files = await exhibitFiles(options.exhibit ?? [], isPlain ? null : lock, context.signal)
  const selected = selectExhibits(scan.report, {
    files,
    entries: options.entry ?? [],
    isAll: options.all === true,
  })
  const nowMs = context.nowMs()
  const messages =
    options.export === undefined
      ? []
      : await readMessages(options.export, selected, {
          contextSize,
          isMasked: options.mask === true,
          statedZone: scan.report.export.statedZone,
          nowMs,
          signal: context.signal,
        })
  const withheldPointers =
    options.withheldPointers === undefined
      ? []
      : await readWithheldPointers(options.withheldPointers, scan.report.counts.pictures.withheld)
  const authorities = await authoritiesOf(options, { nowMs, signal: context.signal })
  const allowsNoWitness = options.allowNoWitness === true
  const { signal } = context
  const log = options.log === undefined ? null : await openBundleLog(options.log, { allowsNoWitness, signal })
  const made = await createBundle({
    scan,
    selected,
    messages,
    withheldPointers,
    languages,
    seed,
    out: options.out,
    bagName,
    organisation: {
      name: options.organisation ?? UNSTATED_ORGANISATION.name,
      contact: options.contact ?? UNSTATED_ORGANISATION.contact,
    },
    witness: options.witness ?? 'not stated',
    device: options.device ?? null,
    agency: options.agency ?? null,
    consent: consentOf(options),
    lock,
    isPlain,
    log,
    allowsNoWitness,
    authorities,
    nowMs,
    signal,
  })
  const entered = scan.report.log
  if (log !== null && entered !== undefined && entered.origin !== log.origin)
    context.note(
      `The scan was entered in another log (${safeText(entered.origin)}): the proofs here do not reach back to it.`,
    )
  await report(context, options, { made, fingerprint: sshFingerprint(publicKeyOf(seed)), passphrase })
}

interface Outcome {
  made: CreatedBundle
  fingerprint: string
  passphrase: string | null
}

async function report(
  context: CliContext,
  options: CreateOptions,
  { made, fingerprint, passphrase }: Outcome,
): Promise<void> {
  if (options.json) await context.out(JSON.stringify({ ...made, file: options.out, fingerprint }))
  else {
    await context.out(`${context.paint.good('made')}  ${safeText(options.out)}`)
    await context.out(
      `Exhibits: ${made.exhibits}, of which ${made.enclosed} with their file. Withheld: ${made.withheld}.`,
    )
    await context.out(`For the hand-over form:\n  key     ${fingerprint}\n  SHA-256 ${made.sha256}`)
  }
  if (options.log !== undefined) await context.out(`Id of the bundle, for saksi bundle handover: ${made.id}`)
  if (options.export !== undefined && !options.mask)
    context.note('The messages are in it as they were written. Read them first: they may name other people.')
  if (options.consent === undefined)
    context.note('No consent is recorded in it; the report says so on its first page.')
  if (options.log === undefined) context.note('No log records it; the report says so on its first page.')
  // Shown once, on standard error, so that it does not end up in a file with the rest.
  if (passphrase !== null)
    context.note(
      `Passphrase, shown only now. Tell it by telephone, never in the same message as the file:\n  ${passphrase}`,
    )
}

async function verify(context: CliContext, file: string, options: VerifyCommandOptions): Promise<void> {
  const identities = await Promise.all((options.identity ?? []).map((path) => readText(path, 'identity')))
  const verification = await verifyBundleFile(
    file,
    { fingerprint: options.fingerprint ?? null, allowsNoWitness: options.allowNoWitness === true },
    {
      identities: identities.flatMap((text) =>
        text.split('\n').filter((line) => /^AGE-SECRET-KEY-/.test(line)),
      ),
      passphrase:
        options.passphraseFile === undefined
          ? null
          : (await readText(options.passphraseFile, 'passphrase')).trim(),
    },
  )
  if (!verification.ok) context.setExitCode(EXIT.refused)
  if (options.json) return await context.out(JSON.stringify(verification))
  await showVerification(context, verification)
}

async function showVerification(context: CliContext, verification: Verification): Promise<void> {
  const { checks, ok, isAnchored, fingerprint, timeStamps, witnesses, hasLog } = verification
  for (const check of checks) {
    const mark = check.ok ? context.paint.good('ok    ') : context.paint.bad('FAIL  ')
    await context.out(`${mark}${check.id}  ${safeText(check.what, 400)}`)
    if (check.detail !== null) await context.out(`      ${safeText(check.detail, 400)}`)
  }
  await context.out('')
  for (const { authority, atMs } of timeStamps)
    await context.out(`Stamped by ${authority} at ${new Date(atMs).toISOString()}`)
  for (const { name, at } of witnesses) await context.out(`Seen by witness ${safeText(name)} at ${at}`)
  if (!hasLog) await context.out('No log is enclosed: the signature and the time stamps are all there is.')
  const failed = checks.filter((check) => !check.ok).length
  if (!ok)
    return await context.out(context.paint.bad(`NOT VERIFIED: ${failed} of ${checks.length} checks failed.`))
  await context.out(context.paint.good(`All ${checks.length} checks hold.`))
  await context.out(
    isAnchored
      ? 'The key is the one whose fingerprint was given.'
      : `The key came with the bundle. Compare its fingerprint with the hand-over form: ${fingerprint ?? ''}`,
  )
}

async function makeKey(context: CliContext, file: string): Promise<void> {
  const seed = randomBytes(32)
  await writeNewFile(file, formatPrivateKey(seed, 'saksi manifest key'))
  await context.out(`${context.paint.good('made')}  ${safeText(file)}`)
  await context.out(`Fingerprint, for hand-over forms: ${sshFingerprint(publicKeyOf(seed))}`)
  context.note(
    'Whoever has this file can sign in the name of the organisation. Keep it on an encrypted disk, with a copy.',
  )
}
