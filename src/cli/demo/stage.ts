import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Rehearsal } from '#contract/program.ts'
import { loadServer } from '../commands/load-server.ts'
import type { CliContext } from '../context.ts'
import { CO_SIGNERS } from './cast.ts'
import { openCoSigners } from './co-signers.ts'

/** A server that runs for the demo, and what co-signs its log. */
export interface Stage {
  readonly server: Rehearsal
  /** Its data directory. */
  readonly data: string
  /** Ends the server, its database and the co-signing programs, and removes what they kept. */
  close(): Promise<void>
}

/**
 * Starts everything with its data below `folder`; the server's, where the user that PostgreSQL runs as cannot get there, in the
 * system's folder for temporary files. The server ends with `context.signal` too. Throws as `ServerProgram.rehearse` and
 * `openCoSigners`; nothing is left then.
 */
export async function openStage(context: CliContext, folder: string): Promise<Stage> {
  const end = new AbortController()
  const signal = AbortSignal.any([context.signal, end.signal])
  const { server, data } = await startServer(context, folder, signal)
  const witnesses = join(folder, 'witnesses')
  const closing: (() => Promise<void>)[] = [
    () => removeAll(data, witnesses),
    async () => {
      end.abort()
      await server.ended
    },
  ]
  const close = async (): Promise<void> => {
    for (const work of closing.splice(0).reverse()) await work()
  }
  try {
    const now = (): Date => new Date(context.nowMs())
    const coSigners = await openCoSigners(server.logFolder, { names: CO_SIGNERS, folder: witnesses, now })
    // The server asks them until it has ended.
    closing.splice(1, 0, () => coSigners.close())
    return { server, data, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function startServer(
  context: CliContext,
  folder: string,
  signal: AbortSignal,
): Promise<{ server: Rehearsal; data: string }> {
  const program = await loadServer(context)
  const start = async (data: string) => {
    try {
      return { server: await program.rehearse({ data, signal, log: () => undefined }), data }
    } catch (error) {
      await removeAll(data)
      throw error
    }
  }
  try {
    return await start(join(folder, 'server'))
  } catch (error) {
    // As root, PostgreSQL runs as another user, who may not enter root's folders.
    const isUnreachable =
      error instanceof Error && 'code' in error && error.code === 'DATA_DIRECTORY_UNREACHABLE'
    if (!isUnreachable) throw error
    return start(await mkdtemp(join(tmpdir(), 'saksi-demo-')))
  }
}

async function removeAll(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true })
}
