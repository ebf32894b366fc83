// `npm run bench -- attachments [--files 50] [--mb 100] [--json]`
// Sealed files sent to a server in a process of its own, all at once, each of its own case and part after part as a phone
// sends it; a part counts when the server has said that it is durable. Beside it, in the same run and on the same disk, the
// same bytes written as plainly as they can be made as durable: each part a file of its own, synced and named. "Peak" is the
// most memory that the server's process ever held.

import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PART_BYTES, partCount, partLength } from '#contract/sizes.ts'
import { type Client, createClient, Mailbox, sendReport } from '../src/client/index.ts'
import { newId, newSurvivor, sealedFileSize, solve } from '../src/server/testing/reports.ts'
import { endServer, type ServerProcess, startServerProcess } from '../src/server/testing/server-process.ts'
import { isoWeekOf } from '../src/server/time.ts'
import { numberOption } from './options.ts'
import { printReport } from './table.ts'

const files = numberOption('--files', 50)
const sizeBytes = sealedFileSize(numberOption('--mb', 100) * 1_000_000)
const parts = partCount(sizeBytes)
const megabytes = (files * sizeBytes) / 1_000_000

/** Ciphertext looks like noise; each part of each file is another one. */
const noise = randomBytes(PART_BYTES)
function partOf(file: number, n: number): Buffer {
  const part = Buffer.from(noise.subarray(0, partLength(sizeBytes, n)))
  part.writeUInt32BE(file, 0)
  part.writeUInt32BE(n, 4)
  return part
}

async function atOnce(work: (file: number) => Promise<void>): Promise<number> {
  const startMs = performance.now()
  await Promise.all(Array.from({ length: files }, (_, file) => work(file)))
  return (performance.now() - startMs) / 1_000
}

async function plainWrite(folder: string): Promise<number> {
  return atOnce(async (file) => {
    const own = join(folder, String(file))
    mkdirSync(own)
    for (let n = 0; n < parts; n++) {
      const path = join(own, String(n))
      const handle = await open(`${path}.aside`, 'wx')
      await handle.writeFile(partOf(file, n))
      await handle.sync()
      await handle.close()
      await rename(`${path}.aside`, path)
      const directory = await open(own)
      await directory.sync()
      await directory.close()
    }
  })
}

async function beginAll(client: Client): Promise<string[]> {
  const uploads: string[] = []
  for (let file = 0; file < files; file++) {
    const { keys, report } = newSurvivor({ week: isoWeekOf(new Date()), itemClasses: [0] })
    await sendReport(client, report, solve)
    uploads.push(await new Mailbox(client, keys).beginUpload(newId(), sizeBytes))
  }
  return uploads
}

async function send(client: Client, upload: string, file: number): Promise<void> {
  for (let n = 0; n < parts; n++) {
    const bytes = partOf(file, n)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const headers = { 'x-saksi-upload': upload, 'x-saksi-part': String(n), 'x-saksi-sha256': sha256 }
    await client.blobs.put({ headers, bytes })
  }
  await client.blobs.finish({ upload })
}

function megabytesOf({ child }: ServerProcess, field: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Number(new RegExp(`${field}:\\s*(\\d+)`).exec(status)?.[1]) / 1_000
}

// Directly below: as root, PostgreSQL's user has to reach them.
const [plain, served] = ['plain', 'served'].map(() => mkdtempSync(join(tmpdir(), 'saksi-bench-attachments-')))
try {
  const plainSeconds = await plainWrite(plain ?? '')
  rmSync(plain ?? '', { recursive: true, force: true })
  const server = await startServerProcess(served ?? '', { words: ['roomy'] })
  try {
    const client = createClient({ baseUrl: server.url })
    const uploads = await beginAll(client)
    const idle = megabytesOf(server, 'VmRSS')
    const seconds = await atOnce((file) => send(client, uploads[file] ?? '', file))
    const peak = megabytesOf(server, 'VmHWM')
    const row = (name: string, time: number, ...more: string[]) => [
      name,
      time.toFixed(1),
      (megabytes / time).toFixed(0),
      ...more,
    ]
    printReport(
      `${files} files of ${(sizeBytes / 1_000_000).toFixed(1)} MB at once, in parts of 1 MiB, each durable`,
      {
        columns: ['', 's', 'MB/s', 'peak MB', 'before MB'],
        rows: [
          row('written to disk', plainSeconds, '', ''),
          row('sent to Saksi', seconds, peak.toFixed(0), idle.toFixed(0)),
        ],
      },
      {
        plainMBPerSecond: megabytes / plainSeconds,
        sentMBPerSecond: megabytes / seconds,
        peakMB: peak,
        idleMB: idle,
      },
    )
  } finally {
    await endServer(server)
  }
} finally {
  for (const folder of [plain, served]) rmSync(folder ?? '', { recursive: true, force: true })
}
