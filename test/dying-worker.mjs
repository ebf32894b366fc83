// Stands in for the decode worker: dies at a picture whose first byte is 0, answers every other one after a pause.
import { parentPort } from 'node:worker_threads'

parentPort.on('message', ({ id, job }) => {
  if (job.bytes[0] === 0) process.exit(9)
  const failure = { sha256: String(job.bytes[0]), md5: null, error: { code: 'NOT_A_PICTURE', message: '' } }
  setTimeout(() => parentPort.postMessage({ id, result: { ok: false, failure } }), 2)
})
