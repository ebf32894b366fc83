import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from './log-program.ts'
import { type Planted, plantExport } from './planted-export.ts'
import { checkDigests, readReport, saksi, temporaryFolder } from './run-saksi.ts'

const { path: folder, remove } = temporaryFolder()
const custody = join(folder, 'custody')
let planted: Planted

beforeAll(async () => {
  planted = await plantExport(folder)
  await run(['log', 'init', custody, '--origin', 'log.example/custody'])
})

afterAll(remove)

function scanInto(out: string, ...more: string[]): string[] {
  return ['scan', planted.exportPath, '--bank', planted.bankPath, '--out', out, ...more]
}

it('enters a scan in the log, and the report carries a receipt that leads to a proof', async () => {
  const out = join(folder, 'logged')
  const { stdout } = await run(scanInto(out, '--log', custody))
  checkDigests(out, 'manifest-sha256.txt')
  const { log } = readReport(out)
  if (!log) throw new Error('the report carries no receipt')
  expect(log).toMatchObject({
    origin: 'log.example/custody',
    record: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
  expect(log.receipt).toContain(log.commitment)
  for (const words of [stdout, readFileSync(join(out, 'report.html'), 'utf8')])
    expect(words).toContain(log.record)

  await run(['log', 'checkpoint', custody, '--now'])
  const proof = join(folder, 'scan.tlog-proof')
  await run(['log', 'prove', custody, log.record, '--out', proof])
  const opening = Buffer.from(/^extra (.*)$/m.exec(readFileSync(proof, 'utf8'))?.[1] ?? '', 'base64')
  const { record } = JSON.parse(opening.toString('utf8'))
  expect(record).toMatchObject({ type: 'collection.sealed', id: log.record, log: 'log.example/custody' })
  const list = readFileSync(join(out, 'export-sha256.txt'))
  expect(record.body.sourceSha256).toBe(createHash('sha256').update(list).digest('hex'))
  await run(['log', 'fsck', custody])
})

it('makes one item of each matched message, and tells nothing of them in what the log serves', async () => {
  const report = readReport(join(folder, 'logged'))
  const items = readFilesBelow(join(custody)).filter(({ name }) =>
    name.includes(report.log?.collection ?? '-'),
  )
  const lines = items.flatMap(({ text }) => text.trim().split('\n')).map((line) => JSON.parse(line))
  const messages = new Set(report.matches.map(({ raw, attachment }) => `${raw.start}/${attachment.sha256}`))
  expect(lines.filter((line) => 'item' in line)).toHaveLength(messages.size)
  const served = readFilesBelow(join(custody, 'served'))
  expect(served.length).toBeGreaterThan(0)
  for (const { attachment, raw, senderId } of report.matches) {
    for (const secret of [attachment.sha256, raw.sha256, senderId]) {
      if (secret === null) continue
      const forms = [
        secret,
        Buffer.from(secret, 'hex').toString('base64'),
        Buffer.from(secret, 'hex').toString('latin1'),
      ]
      for (const { text } of served)
        for (const form of forms) if (form.length > 8) expect(text.includes(form)).toBe(false)
    }
  }
})

it('refuses a log that is not there before anything is read, and writes nothing', async () => {
  const out = join(folder, 'unlogged')
  const { code, stderr } = await saksi(scanInto(out, '--log', join(folder, 'no-log')))
  expect(code).toBe(3)
  expect(stderr).toContain('[LOG_NOT_FOUND]')
  expect(existsSync(out)).toBe(false)
  await run(scanInto(out))
  expect(readReport(out).log).toBeUndefined()
})

function readFilesBelow(path: string): { name: string; text: string }[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, text: readFileSync(join(entry.parentPath, entry.name), 'latin1') }))
}
