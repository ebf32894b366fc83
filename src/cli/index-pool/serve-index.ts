import { runRebuild, SegmentReader } from '#lib/radius/index.ts'
import type { FromWorker, PackedHits, ToWorker, WorkerInput, WorkerRequest } from './messages.ts'
import { packHits } from './packed-hits.ts'

/** What `serveIndex` needs of the port to the thread that started this one. */
export interface WorkerPort {
  on(event: 'message', listener: (message: ToWorker) => void): unknown
  postMessage(message: FromWorker): void
}

/** Does what the messages of a `WorkerGroup` ask for, one after the other. */
export function serveIndex(port: WorkerPort, { reader }: WorkerInput): void {
  const segments = new SegmentReader(reader)
  port.on('message', (message) => {
    if (message.kind === 'view') segments.view(message.handles)
    else port.postMessage(answer(segments, message.id, message.request))
  })
}

function answer(segments: SegmentReader, id: number, request: WorkerRequest): FromWorker {
  try {
    return { id, answer: work(segments, request) }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}

function work(segments: SegmentReader, request: WorkerRequest): PackedHits {
  switch (request.kind) {
    case 'query':
      return packHits(segments.queryMany(request.fingerprints, request.radius))
    case 'rebuild':
      runRebuild(request.job)
      return packHits([])
  }
}
