import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { parseInviteCode } from '#lib/passes/index.ts'
import type { CliContext } from '../context.ts'
import { connect } from '../intake/index.ts'
import { type Asked, askAll } from './ask.ts'
import type { Collection } from './collect-export.ts'
import { CollectError } from './errors.ts'
import { type Keeping, readKeptFile } from './kept-file.ts'
import { ProgressFile, progressFolder } from './progress-file.ts'

export type Again = Pick<Collection, 'leaflet' | 'invite' | 'stateFolder' | 'patienceMs'> & {
  readonly kept: Keeping
}

/**
 * Asks about the pictures of a kept collection once more, windows and all: what was registered since is looked for among them.
 * An organisation itself keeps prints of whole pictures only. Interrupted, it is called again. Throws as `collectExport`, and
 * `CollectError` COLLECT_KEPT.
 */
export async function askAgain(context: CliContext, again: Again): Promise<Asked> {
  const { leaflet, invite = null, stateFolder, patienceMs, kept } = again
  const code = invite === null ? null : parseInviteCode(invite)
  const material = [await digestOf(kept.path)]
  const connection = await connect(context, leaflet)
  const progress = await ProgressFile.open(progressFolder(stateFolder), material)
  const bar = context.progress('Asking')
  let isSent = false
  try {
    const asked = await askAll(readKeptFile(kept), {
      context,
      connection,
      progress,
      invite: code,
      keeper: null,
      ...(patienceMs !== undefined && { patienceMs }),
      onDone: (done) => bar.update(done, 0, `${done} pictures`),
    })
    isSent = true
    return asked
  } finally {
    bar.end()
    if (isSent) await progress.remove()
    else await progress.close()
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const bytes of createReadStream(path)) hash.update(bytes)
  } catch (cause) {
    throw new CollectError('COLLECT_KEPT', `${path} cannot be read.`, { cause })
  }
  return hash.digest('hex')
}
