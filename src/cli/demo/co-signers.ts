import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { formatVkey, parsePolicy, witnessKey } from '#lib/tlog/index.ts'
import { changeWitnesses, openLog, readPolicy } from '#node/log-store/index.ts'
import { addLog, makeStateFolders, type RunningWitness, serveWitness } from '#node/witness/index.ts'

const HOST = '127.0.0.1'

/** Programs of other organisations that co-sign the log. */
export interface CoSigners {
  close(): Promise<void>
}

/**
 * Runs a co-signing witness for each name and makes them the witnesses of the log in `logFolder`: what `saksi witness` and
 * `saksi log witnesses` do. Throws what they throw; nothing runs then.
 */
export async function openCoSigners(
  logFolder: string,
  { names, folder, now }: { names: readonly string[]; folder: string; now: () => Date },
): Promise<CoSigners> {
  const { logs } = parsePolicy(await readPolicy(logFolder), { allowNoWitness: true })
  const running: RunningWitness[] = []
  const close = async (): Promise<void> => {
    for (const witness of running) await witness.close()
  }
  try {
    const witnesses: string[] = []
    for (const [i, name] of names.entries()) {
      const state = join(folder, `${i + 1}`)
      const key = witnessKey(name, new Uint8Array(randomBytes(32)))
      await makeStateFolders(state)
      for (const { vkey } of logs) await addLog(state, vkey, vkey.name)
      const witness = await serveWitness({ key, state, host: HOST, port: 0, now })
      running.push(witness)
      witnesses.push(`${formatVkey(key.vkey)}@${witness.url}`)
    }
    const log = await openLog(logFolder, { now })
    await changeWitnesses(log, { witnesses }).finally(() => log.close())
    return { close }
  } catch (error) {
    await close()
    throw error
  }
}
