// For tests: the worker, except that it dies at look-ups of a print that begins with 238 and, as often as there are files of the
// folder in SAKSI_TEST_DEATHS to use up, at other work.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { register } from 'tsx/esm/api'

const DEADLY = 238
const folder = process.env['SAKSI_TEST_DEATHS']

function dieWhenAsked({ kind, request }) {
  if (kind !== 'work') return
  if (request.kind === 'query' && request.fingerprints[0] === DEADLY) process.exit(9)
  const file = readdirSync(folder).find((name) => name.startsWith(request.kind))
  if (file === undefined) return
  rmSync(join(folder, file))
  process.exit(9)
}

register()
const { serveIndex } = await import('./serve-index.ts')
serveIndex(
  {
    on: (event, listener) =>
      parentPort.on(event, (message) => {
        dieWhenAsked(message)
        listener(message)
      }),
    postMessage: (message) => parentPort.postMessage(message),
  },
  workerData,
)
