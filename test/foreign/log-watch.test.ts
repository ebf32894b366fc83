import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { parsePolicy } from '#lib/tlog/index.ts'
import { readPolicy } from '#node/log-store/index.ts'
import { startTestServer } from '#node/log-store/testing-storage.ts'
import { recordFile, run, runJson, witnessProgram } from '../log-program.ts'
import { startSaksi, temporaryFolder } from '../run-saksi.ts'

const ORIGIN = 'custody.example.org/log'

function folderFor(): string {
  const temporary = temporaryFolder()
  onTestFinished(temporary.remove)
  return temporary.path
}

it('goes on making checkpoints when watching, tries again for a missing witness, and stops when told', async () => {
  const folder = folderFor()
  const log = join(folder, 'log')
  const witness = await witnessProgram(folder, 'w1')
  onTestFinished(async () => void (await witness.stop()))
  const { logKey } = await runJson([
    ...['log', 'init', log, '--origin', ORIGIN],
    ...['--witness', `${witness.vkey}@${witness.url}`],
  ])
  const { child, ended } = startSaksi(['log', 'checkpoint', log, '--watch', '--patience', '1', '--json'])
  let output = ''
  child.stdout?.on('data', (text: string) => {
    output += text
  })
  // It does not know the log yet: nothing is published, and the watch goes on.
  await expect.poll(() => output, { timeout: 60_000 }).toContain('"state":"unwitnessed"')
  await witness.know(String(logKey))
  await expect.poll(() => output, { timeout: 120_000 }).toContain('"state":"published"')
  const body = { case: '0a'.repeat(16) }
  // Its lock is free between two checkpoints.
  await run(['log', 'append', log, recordFile(folder, 'case.opened', body)])
  expect(child.exitCode).toBeNull()
  child.kill('SIGTERM')
  expect((await ended).code).toBe(0)
  const states = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).state)
  expect(states.at(0)).toBe('unwitnessed')
  expect(states.at(-1)).toBe('published')
}, 240_000)

it('keeps a log in a database by the same commands, and puts a new key in place of the old', async () => {
  const folder = folderFor()
  const server = await startTestServer(undefined)
  onTestFinished(() => server.stop())
  const address = await server.newDatabase()
  const log = join(folder, 'log')
  await runJson(['log', 'init', log, '--origin', ORIGIN, '--database', address])
  expect(
    (await run(['log', 'init', join(folder, 'two'), '--origin', ORIGIN, '--database', address], 3)).stderr,
  ).toContain('[LOG_EXISTS]')
  const { record } = await runJson([
    'log',
    'append',
    log,
    recordFile(folder, 'case.opened', { case: '0b'.repeat(16) }),
  ])
  const policies = [join(folder, 'old-policy'), join(folder, 'new-policy')] as const
  writeFileSync(policies[0], await readPolicy(log))
  await runJson(['log', 'checkpoint', log, '--now'])
  const { oldKey, newKey } = await runJson(['log', 'rotate', log])
  expect(parsePolicy(await readPolicy(log), { allowNoWitness: true }).logs).toHaveLength(2)
  await runJson(['log', 'checkpoint', log, '--now'])
  const proof = join(folder, 'entry.tlog-proof')
  await run(['log', 'prove', log, String(record), '--out', proof])
  expect((await run(['log', 'rotate', log, '--finish'], 3)).stderr).toContain('[LOG_SETTINGS]')
  expect(await runJson(['log', 'rotate', log, '--finish', '--early'])).toEqual({ logKey: newKey })
  writeFileSync(policies[1], await readPolicy(log))
  expect(readFileSync(policies[1], 'utf8')).not.toContain(String(oldKey))
  for (const policy of policies) {
    await run(['receipt', 'verify', proof, '--policy', policy])
  }
  expect(await runJson(['log', 'fsck', log])).toMatchObject({ faults: [] })
  expect(await runJson(['log', 'verify', log])).toMatchObject({ faults: [] })
}, 240_000)
