// Stands in for the decode worker: tells digests, asks for room, and dies with it when the first byte is 0. Answers with the
// time it held the room, for the test to see whether two held it at once.
import { parentPort } from 'node:worker_threads'

const first = new Map()
parentPort.on('message', (message) => {
  const { id } = message
  if ('job' in message) {
    first.set(id, message.job.bytes[0])
    parentPort.postMessage({ id, digests: { sha256: `sha${message.job.bytes[0]}`, md5: 'md5' } })
    parentPort.postMessage({ id, wantsRoom: true })
    return
  }
  const from = Date.now()
  setTimeout(() => {
    if (first.get(id) === 0) process.exit(9)
    const failure = { sha256: `${from}`, md5: `${Date.now()}`, error: { code: 'NOT_A_PICTURE', message: '' } }
    parentPort.postMessage({ id, result: { ok: false, failure } })
  }, 15)
})
