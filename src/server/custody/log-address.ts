import { chmod, writeFile } from 'node:fs/promises'
import { runningServer } from '#node/db/embedded/index.ts'
import type { DatabaseTarget } from '#node/db/index.ts'
import { readSettings } from '#node/log-store/index.ts'

/**
 * Writes down beside the log's keys where its database is, so that commands find the server's log by its folder, `log` in
 * the data directory, while the server runs: `saksi bundle create --log`, `saksi log fsck`. Of a database elsewhere nothing
 * is written down: its address may hold a password.
 */
export async function writeLogAddress(logFolder: string, target: DatabaseTarget): Promise<void> {
  if ('url' in target) return
  const server = await runningServer(target.directory)
  if (server === null) return
  const host = encodeURIComponent(server.socketDirectory)
  const { layout } = await readSettings(logFolder)
  await writeFile(
    layout.databaseAddress,
    `postgres:///${server.database}?host=${host}&user=${server.user}&port=${server.port}\n`,
    { mode: 0o600 },
  )
  await chmod(layout.databaseAddress, 0o600)
}
