import { once } from 'node:events'
import { join } from 'node:path'
import { readIfThere } from '#node/log-store/durable-file.ts'
import { serveLog } from '#node/log-store/serve.ts'
import { readSettings } from '#node/log-store/settings.ts'
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
  const running = await serveLog({ served: await servedFolder(folder), host, port })
  await context.out(`Serving on ${running.url}`)
  if (!['127.0.0.1', '::1', 'localhost'].includes(host)) {
    context.note('Other machines can reach this address. What is served tells nothing about anybody.')
  }
  if (!context.signal.aborted) await once(context.signal, 'abort')
  await running.close()
}

/** What is served of a log, or the folder itself when it is a copy of that. */
export async function servedFolder(folder: string): Promise<string> {
  const isLog = (await readIfThere(join(folder, 'log.json'))) !== null
  return isLog ? (await readSettings(folder)).layout.served : folder
}
