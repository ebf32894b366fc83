import { createServer, type Server } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { AppError } from '#lib/errors/index.ts'
import { openDatabase } from './index.ts'

const PASSWORD = 'not-to-be-told'

it('refuses what is no address of a PostgreSQL, without quoting it', async () => {
  for (const url of ['', 'nonsense', `mysql://saksi:${PASSWORD}@localhost/saksi`, `postgres//${PASSWORD}`]) {
    const error = await openDatabase({ url }).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ code: 'DATABASE_BAD_URL' })
    expect(JSON.stringify([error, String(error), error.stack])).not.toContain(PASSWORD)
  }
})

it('says that nobody answers there', async () => {
  // Port 1 of this machine: reserved, and nothing listens.
  const url = `postgres://saksi:${PASSWORD}@127.0.0.1:1/saksi`
  const error = await openDatabase({ url }).catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  expect(error.message).not.toContain(PASSWORD)
})

it('does not wait for ever for a server that takes the connection and says nothing', async () => {
  const port = await listen(createServer(() => undefined))
  const opening = openDatabase({ url: `postgres://saksi@127.0.0.1:${port}/saksi` }, { connectTimeoutMs: 200 })
  await expect(opening).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
})

it('takes a server that hangs up for one that cannot be reached', async () => {
  const port = await listen(createServer((socket) => void socket.destroy()))
  const opening = openDatabase({ url: `postgres://saksi@127.0.0.1:${port}/saksi` })
  await expect(opening).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
})

it('refuses a PostgreSQL before 15', async () => {
  const port = await listen(oldServer())
  const opening = openDatabase({ url: `postgres://saksi@127.0.0.1:${port}/saksi` })
  await expect(opening).rejects.toMatchObject({ code: 'DATABASE_TOO_OLD' })
})

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => void server.close())
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : expect.fail('no port')
}

/**
 * Lets everyone in and answers every statement with one column `version` of 140012: the few messages of the PostgreSQL
 * protocol, version 3.0, that this takes. No such server can be installed beside version 15.
 */
function oldServer(): Server {
  const message = (type: string, ...parts: Buffer[]) => {
    const body = Buffer.concat(parts)
    const head = Buffer.alloc(5)
    head.write(type, 'latin1')
    head.writeUInt32BE(body.length + 4, 1)
    return Buffer.concat([head, body])
  }
  const numbers = (...pairs: [value: number, sizeBytes: number][]) =>
    Buffer.concat(
      pairs.map(([value, sizeBytes]) => {
        const bytes = Buffer.alloc(sizeBytes)
        bytes.writeIntBE(value, 0, sizeBytes)
        return bytes
      }),
    )
  const ready = message('Z', Buffer.from('I'))
  const int4 = numbers([0, 4], [0, 2], [23, 4], [4, 2], [-1, 4], [0, 2])
  const answer = Buffer.concat([
    message('1'),
    message('2'),
    message('T', numbers([1, 2]), Buffer.from('version\0'), int4),
    message('D', numbers([1, 2], [6, 4]), Buffer.from('140012')),
    message('C', Buffer.from('SELECT 1\0')),
    ready,
  ])
  return createServer((socket) => {
    let isWelcomed = false
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      if (!isWelcomed) socket.write(Buffer.concat([message('R', numbers([0, 4])), ready]))
      // 'S', Sync, ends what the driver sends for one statement; a plain one is a 'Q'.
      else if (data.includes(Buffer.from('S\0\0\0\x04')) || data[0] === 0x51) socket.write(answer)
      isWelcomed = true
    })
  })
}
