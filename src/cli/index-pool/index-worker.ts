import { parentPort, workerData } from 'node:worker_threads'
import type { WorkerInput } from './messages.ts'
import { serveIndex } from './serve-index.ts'

// Set by WorkerGroup, which starts this file and nothing else.
if (parentPort) serveIndex(parentPort, workerData as WorkerInput)
