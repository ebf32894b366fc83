import { formatVkey } from '#lib/tlog/index.ts'
import { openLog } from '#node/log-store/log-store.ts'
import { beginKeyRotation, finishKeyRotation, ROTATION_DAYS } from '#node/log-store/rotate-key.ts'
import type { CliContext } from '../context.ts'

export interface RotateOptions {
  finish?: boolean
  early?: boolean
  json?: boolean
}

export async function runRotate(
  context: CliContext,
  folder: string,
  { finish, early, json }: RotateOptions,
): Promise<void> {
  const log = await openLog(folder, { now: () => new Date(context.nowMs()) })
  try {
    if (finish) {
      const key = formatVkey(await finishKeyRotation(log, { isEarly: early === true }))
      if (json) return await context.out(JSON.stringify({ logKey: key }))
      await context.out(`From the next checkpoint on this key alone signs: ${key}`)
      context.note('The old private key is gone. Give everybody the new policy who does not have it yet.')
      return
    }
    const { oldKey, newKey } = await beginKeyRotation(log)
    const [oldText, newText] = [formatVkey(oldKey), formatVkey(newKey)]
    if (json) return await context.out(JSON.stringify({ oldKey: oldText, newKey: newText }))
    await context.out(`From the next checkpoint on this key signs too: ${newText}`)
    context.note(
      `Send it to each witness, who runs: saksi witness add --state FOLDER '${newText}' --origin ${log.origin}. Give the new policy to partners another way than through the log. After ${ROTATION_DAYS} days: saksi log rotate ${folder} --finish`,
    )
  } finally {
    await log.close()
  }
}
