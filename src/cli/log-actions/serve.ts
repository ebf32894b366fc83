import { once } from 'node:events'
import { join } from 'node:path'
import { readIfThere } from '#node/log-store/durable-file.ts'
import { openStorage } from '#node/log-store/open-storage.ts'
import { serveLog } from '#node/log-store/serve.ts'
import { servedFolder } from '#node/log-store/served-folder.ts'
import type { ServedLog } from '#node/log-store/verify-log.ts'
import type { CliContext } from '../context.ts'
import { listenAddress } from './arguments.ts'

export interface ServeCommandOptions {
  listen: string
}

export async function runServe(
  context: CliContext,
  folder: string,
  { listen }: ServeCommandOptions,
): Promise<void> {
  const { host, port } = listenAddress(listen)
  const served = await openServed(folder)
  const running = await serveLog({ read: served.read, host, port })
  await context.out(`Serving on ${running.url}`)
  if (!['127.0.0.1', '::1', 'localhost'].includes(host)) {
    context.note('Other machines can reach this address. What is served tells nothing about anybody.')
  }
  if (!context.signal.aborted) await once(context.signal, 'abort')
  await running.close()
  await served.close()
}

/** What is served of a log, or the folder itself when it is a copy of that. To be closed. */
export async function openServed(folder: string): Promise<ServedLog & { close(): Promise<void> }> {
  const isLog = (await readIfThere(join(folder, 'log.json'))) !== null
  if (isLog) return (await openStorage(folder)).storage
  return { ...servedFolder(folder), close: () => Promise.resolve() }
}
