import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#lib/errors/index.ts'
import { makeCheckpoint, openLog, serveLog } from './index.ts'
import { openStorage } from './open-storage.ts'

// A program for the tests: accepts, signs, publishes and serves without end, says so after each step, and waits to be
// killed. Argument: the log's folder.
const [folder = ''] = process.argv.slice(2)
const say = (...words: string[]): void => {
  writeSync(1, `${words.join(' ')}\n`)
}
const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))

say('started')
const { storage } = await openStorage(folder)
const { url } = await serveLog({ read: storage.read, host: '127.0.0.1', port: 0 })
say('serves', url)
for (let round = 0; ; round++) {
  try {
    await accept(round)
    const outcome = await makeCheckpoint(folder, {
      isOutOfTurn: true,
      lockWaitMs: 30_000,
      onStep: (step, note) => say(step, Buffer.from(note ?? '').toString('base64')),
    })
    say('outcome', outcome.state)
  } catch (error) {
    // Its database may be killed too: it goes on when that is back.
    if (!(error instanceof AppError) || !/^(DATABASE_UNREACHABLE|LOG_LOCK_LOST)$/.test(error.code))
      throw error
    say('lost', error.code)
    await sleep(50)
  }
}

async function accept(round: number): Promise<void> {
  const log = await openLog(folder, { lockWaitMs: 30_000 })
  try {
    // Now and then more than fit into the smallest batch.
    for (let i = 0; i < (round % 5 === 4 ? 17 : 1 + (round % 3)); i++) {
      const { commitment } = await log.appendCommitment({
        commitment: random(32),
        manifestSha256: 'ab'.repeat(32),
      })
      say('accepted', commitment)
    }
  } finally {
    await log.close()
  }
}
