import { once } from 'node:events'
import type { CliContext } from '../context.ts'
import { wrapText } from '../terminal/wrap.ts'
import type { Stage } from './stage.ts'

/** On a terminal the server goes on until Ctrl-C, so that it can be looked at; elsewhere the demo is over. */
export async function stayForALook(context: CliContext, { server, data }: Stage): Promise<void> {
  const { columns, out, paint, signal } = context
  if (columns === null) return
  const { port } = new URL(server.url)
  await out('')
  for (const line of wrapText(
    `The server runs at ${server.url} until you press Ctrl-C. To look at: ${server.url}/log/checkpoint, ${server.url}/api/openapi.json, or in another window: bin/saksi doctor --data ${data} --port ${port}`,
    columns,
  ))
    await out(paint.bold(line))
  if (!signal.aborted) await Promise.race([once(signal, 'abort'), server.ended])
}
