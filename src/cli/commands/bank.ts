import type { Command } from 'commander'
import { AppError } from '#lib/errors/index.ts'
import { countRows, openBank, type RegisteredPicture, readBank } from '../bank-file/index.ts'
import type { CliContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { type Registration, registerPictures } from '../register-pictures.ts'
import { safeText } from '../terminal/safe-text.ts'
import { formatTable } from '../terminal/table.ts'
import { RegisteredTexts } from './registered-text.ts'

interface EntryOptions {
  entry: string
  json?: boolean
}

interface AddOptions extends EntryOptions {
  set: string
}

const ADD_HELP = `
Example:
  $ saksi bank add wao.bank --entry S-001 picture1.jpg picture2.jpg

The bank is made when there is none. Only fingerprints and digests go in: no picture, no file name. The entry id is
yours to choose (a case number, never a name). Once a line says "added", no crash or power cut loses it.

Sets:
  full   the whole picture, and parts of it at places its content chooses: finds crops, screenshots, covered copies
  tilt   and the parts slightly turned: finds copies tilted by a few degrees too, for about 70 % more rows
  whole  the whole picture only. Crops, screenshots and covered copies are then not found. What it gains: the parts of a
         full set together describe the picture about as well as a very small version of it would, one fingerprint of
         the whole does not. A bank with parts has to be kept like the pictures themselves.

Screenshots: register the picture itself where there is one. Plain borders are left out, but bars, bubbles and keyboards
would match other people's screenshots: cut the screenshot down to the picture first.

Pictures that were registered as a whole before get their parts when they are added again under the same entry.`

const LIST_HELP = `
Example:
  $ saksi bank list wao.bank`

const WITHDRAW_HELP = `
Example:
  $ saksi bank withdraw wao.bank --entry S-001

A withdrawn entry matches nothing from the next scan on, and its id cannot be used again. Its fingerprints, digests and
parts are erased from the file; a line stays for each picture that says only that there was one, and when. Copies of the
file, backups, and parts of the disk that were written before may still hold them: keep a bank on an encrypted disk.`

export function addBankCommand(program: Command, context: CliContext): void {
  const bank = program
    .command('bank')
    .summary('keep a bank of registered fingerprints')
    .description('Keeps a local bank of registered fingerprints.')
  bank
    .command('add')
    .summary('register pictures under an entry')
    .description(
      'Fingerprints pictures in eight orientations, and parts of them, from every pixel; registers them under an entry.',
    )
    .argument('<bank>', 'bank file, made when there is none')
    .argument('<file...>', 'pictures, or folders of them')
    .requiredOption('--entry <id>', 'entry id, such as a case number')
    .option('--set <set>', 'whole, full or tilt: see below', 'full')
    .option('--json', 'one JSON object per picture')
    .addHelpText('after', ADD_HELP)
    .action((path: string, names: string[], options: AddOptions) =>
      addPictures(context, path, names, options),
    )
  bank
    .command('list')
    .summary('show the entries of a bank')
    .description(
      'Shows the entries of a bank: how many pictures, prints and parts, since when, withdrawn or not.',
    )
    .argument('<bank>', 'bank file')
    .option('--json', 'one JSON object per entry')
    .addHelpText('after', LIST_HELP)
    .action((path: string, options: { json?: boolean }) => listEntries(context, path, options))
  bank
    .command('withdraw')
    .summary('withdraw an entry for good')
    .description('Withdraws an entry: it matches nothing any more.')
    .argument('<bank>', 'bank file')
    .requiredOption('--entry <id>', 'entry id')
    .option('--json', 'print a JSON object')
    .addHelpText('after', WITHDRAW_HELP)
    .action((path: string, options: EntryOptions) => withdraw(context, path, options))
}

async function addPictures(
  context: CliContext,
  path: string,
  names: string[],
  { entry, json, set }: AddOptions,
): Promise<void> {
  const registration = { bankPath: path, entry, names, set: setNamed(set) }
  const texts = new RegisteredTexts()
  const outcome = await registerPictures(context, registration, async (line) => {
    if (json) return context.out(JSON.stringify(line))
    if ('error' in line)
      return context.note(
        `${context.notePaint.attention('not added')}  ${safeText(line.file)}: ${line.error.message} [${line.error.code}]`,
      )
    for (const text of texts.lines(line, context)) await context.out(text)
  })
  const { added, extended, alreadyThere, failed } = outcome
  const parts = [`${added === 1 ? '1 picture' : `${added} pictures`} registered under ${safeText(entry)}`]
  if (extended > 0) parts.push(`${extended} registered more fully`)
  if (failed > 0) parts.push(`${failed} could not be read`)
  context.note(`${parts.join(', ')}.`)
  if (added + extended + alreadyThere + failed === 0)
    throw new AppError('NO_PICTURES', 'There were no pictures to register.')
  if (failed > 0) context.setExitCode(EXIT.partial)
}

function setNamed(set: string): Registration['set'] {
  if (set === 'whole' || set === 'full' || set === 'tilt') return set
  throw new AppError('USAGE', '--set takes whole, full or tilt.')
}

async function listEntries(context: CliContext, path: string, { json }: { json?: boolean }): Promise<void> {
  const { entries } = await readBank(path, { allowDamaged: false })
  if (json) {
    for (const { id, state, addedAt, withdrawnAt, pictures } of entries) {
      const counts = { pictures: pictures.length, prints: printsOf(pictures), windows: windowsOf(pictures) }
      await context.out(JSON.stringify({ entry: id, state, addedAt, withdrawnAt, ...counts }))
    }
    return
  }
  if (entries.length === 0)
    return context.out('This bank has no entries yet. Add one: saksi bank add BANK --entry ID FILE')
  const columns = [
    { title: 'Entry' },
    { title: 'State' },
    { title: 'Since' },
    { title: 'Pictures', align: 'right' as const },
    { title: 'Prints', align: 'right' as const },
    { title: 'Parts', align: 'right' as const },
  ]
  const rows = entries.map(({ id, state, addedAt, withdrawnAt, pictures }) => [
    safeText(id, 60),
    state,
    (withdrawnAt ?? addedAt).slice(0, 16).replace('T', ' '),
    String(pictures.length),
    String(printsOf(pictures)),
    String(windowsOf(pictures)),
  ])
  for (const line of formatTable(columns, rows, context.columns)) await context.out(line)
}

const printsOf = (pictures: readonly RegisteredPicture[]): number =>
  pictures.reduce((sum, { prints }) => sum + prints.length, 0)
const windowsOf = (pictures: readonly RegisteredPicture[]): number =>
  pictures.reduce((sum, { windows }) => sum + countRows(windows), 0)

async function withdraw(context: CliContext, path: string, { entry, json }: EntryOptions): Promise<void> {
  const bank = await openBank(path, { allowDamaged: true })
  try {
    const { wasWithdrawnBefore, isErased } = await bank.withdrawEntry(entry)
    if (json)
      return await context.out(
        JSON.stringify({ entry, withdrawn: true, wasWithdrawnBefore, erased: isErased }),
      )
    await context.out(
      wasWithdrawnBefore
        ? `${safeText(entry)} was withdrawn before.`
        : `${safeText(entry)} is withdrawn. It matches nothing from now on.`,
    )
    await context.out(
      isErased
        ? 'Nothing of its pictures is in this file any more. Copies and backups of the file may still hold them.'
        : 'The bank is damaged, so its fingerprints are still in the file. Restore the bank from a copy and withdraw again.',
    )
  } finally {
    await bank.close()
  }
}
