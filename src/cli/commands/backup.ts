import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { AppError } from '#lib/errors/index.ts'
import type { CliContext } from '../context.ts'
import { loadServer } from './load-server.ts'

const BACKUP_HELP = `
Examples:
  $ saksi backup --to age1… --out saksi-2026-11-24.age
  $ saksi backup --data /var/lib/saksi --to age1pq1… --out /mnt/backup/today.age

Everything the server keeps, of one moment, while it goes on: one file that only the recovery key opens. It holds
sealed reports and the server's own keys, nothing that the server could read. Delete it after 14 days: what survivors
have erased must not live on in backups.`

const RESTORE_HELP = `
Examples:
  $ saksi restore saksi-2026-11-24.age --identity recovery.key --data /var/lib/saksi-restored

Puts a backup back into a folder that is not there yet, and checks every row and every sealed file. Nothing is left
there when anything is wrong. Stop the old server for good before the restored one starts: two of them would sign two
histories of the custody log. What came after the backup is not in it: say so to whoever reported since.`

interface BackupFlags {
  readonly data?: string
  readonly out: string
  readonly to: string
}

interface RestoreFlags {
  readonly data: string
  readonly identity: string
}

export function addBackupCommands(program: Command, context: CliContext): void {
  program
    .command('backup')
    .description('Write everything the server keeps to one sealed file.')
    .requiredOption('--to <recipient>', 'age recipient whose key opens the backup')
    .requiredOption('--out <file>', 'the file to be made')
    .option('--data <folder>', 'data directory')
    .addHelpText('after', BACKUP_HELP)
    .action(async (flags: BackupFlags) => {
      const server = await loadServer(context)
      const progress = context.progress('Backing up')
      try {
        const { bytes } = await server.backup({
          ...flags,
          signal: context.signal,
          onProgress: (done, total) => progress.update(done, total),
        })
        progress.end()
        await context.out(`${flags.out} is there, ${megabytes(bytes)}. Only the recovery key opens it.`)
      } finally {
        progress.end()
      }
    })
  program
    .command('restore')
    .description('Put a backup back into an empty data directory, and check all of it.')
    .argument('<file>', 'the backup')
    .requiredOption('--identity <file>', 'file with the recovery key')
    .requiredOption('--data <folder>', 'data directory to be made')
    .addHelpText('after', RESTORE_HELP)
    .action(async (file: string, { data, identity }: RestoreFlags) => {
      const server = await loadServer(context)
      const progress = context.progress('Restoring')
      try {
        const { bytes } = await server.restore({
          file,
          fileBytes: await sizeOf(file),
          identityFile: identity,
          data,
          signal: context.signal,
          onProgress: (done, total) => progress.update(done, total),
        })
        progress.end()
        await context.out(
          `${data} is restored from ${megabytes(bytes)}; every row and every sealed file was checked.`,
        )
        await context.out('Start it with: saksi serve --data <folder>. The old server must not run any more.')
      } finally {
        progress.end()
      }
    })
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (cause) {
    throw new AppError('BACKUP_NOT_FOUND', `There is no backup at ${file}. Nothing was changed.`, { cause })
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
