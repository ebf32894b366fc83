import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { hybridIdentityOf, systemRandom } from '#lib/seal/index.ts'
import { removeFolder, temporaryFolder } from '#node/testing/temporary-folder.ts'
import { createClient, Mailbox, sendReport } from '../../client/index.ts'
import { newSurvivor, solve } from '../testing/reports.ts'
import { killServer, startServerProcess } from '../testing/server-process.ts'
import { isoWeekOf } from '../time.ts'
import { backup, restore } from './index.ts'

const refused = (code: string) => expect.objectContaining({ code })
const { signal } = new AbortController()

it('backs a running server up and brings a mailbox back on another folder, after the first server was killed', async () => {
  const data = temporaryFolder()
  const files = temporaryFolder()
  // Below a folder of root's own PostgreSQL could not reach it.
  const restoredTo = `${data}-restored`
  const recovery = await hybridIdentityOf(systemRandom(32))
  const out = join(files, 'today.age')
  const identityFile = join(files, 'recovery.key')
  writeFileSync(identityFile, `# recovery key of the organisation\n${recovery.secret}\n`)

  const first = await startServerProcess(data)
  const { keys, report } = newSurvivor({ week: isoWeekOf(new Date()) })
  await sendReport(createClient({ baseUrl: first.url }), report, solve)
  const { bytes } = await backup({ data, out, to: recovery.recipient, signal })
  await expect(
    backup({ data, out: join(files, 'no', 'x.age'), to: recovery.recipient, signal }),
  ).rejects.toEqual(refused('BACKUP_TARGET'))
  // The server was neither stopped nor disturbed.
  expect((await new Mailbox(createClient({ baseUrl: first.url }), keys).fetch()).items).toHaveLength(2)
  await killServer(first)
  expect(statSync(out)).toMatchObject({ size: bytes })
  expect(statSync(out).mode & 0o077).toBe(0)
  expect(readdirSync(files).sort()).toEqual(['recovery.key', 'today.age'])

  await restore({ data: restoredTo, file: out, fileBytes: bytes, identityFile, signal })
  expect(readFileSync(join(restoredTo, 'keys', 'server.secret'))).toEqual(
    readFileSync(join(data, 'keys', 'server.secret')),
  )
  const second = await startServerProcess(restoredTo)
  const contents = await new Mailbox(createClient({ baseUrl: second.url }), keys).fetch()
  expect(contents.items.map(({ body }) => Buffer.from(body).toString('hex')).sort()).toEqual(
    report.items.map((body) => Buffer.from(body).toString('hex')).sort(),
  )
  await killServer(second)
  await expect(
    restore({ data: restoredTo, file: out, fileBytes: bytes, identityFile, signal }),
  ).rejects.toEqual(refused('RESTORE_NOT_EMPTY'))
  removeFolder(restoredTo)
}, 180_000)

it('leaves no folder behind when the key is another one', async () => {
  const data = temporaryFolder()
  const files = temporaryFolder()
  const [recovery, other] = [
    await hybridIdentityOf(systemRandom(32)),
    await hybridIdentityOf(systemRandom(32)),
  ]
  const server = await startServerProcess(data)
  const out = join(files, 'today.age')
  const { bytes } = await backup({ data, out, to: recovery.recipient, signal })
  await killServer(server)
  const identityFile = join(files, 'other.key')
  writeFileSync(identityFile, other.secret)
  const target = `${data}-restored`
  await expect(restore({ data: target, file: out, fileBytes: bytes, identityFile, signal })).rejects.toEqual(
    refused('SEAL_NOT_FOR_THIS_KEY'),
  )
  expect([target, `${target}.restoring`].filter(existsSync)).toEqual([])
}, 180_000)
