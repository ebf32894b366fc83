import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { jpegOf } from './planted-export.ts'
import { root, temporaryFolder } from './run-saksi.ts'
import { type ServedOrganisation, serveOrganisation } from './served-organisation.ts'

const folder = temporaryFolder()
let served: ServedOrganisation
let picture: string
beforeAll(async () => {
  // As root, PostgreSQL's user has to pass through.
  chmodSync(folder.path, 0o711)
  served = await serveOrganisation(join(folder.path, 'data'))
  picture = join(folder.path, 'scene.jpg')
  writeFileSync(picture, await jpegOf(11))
})
afterAll(async () => {
  await served.stop()
  folder.remove()
})

interface Terminal {
  readonly said: () => string
  type(text: string): void
  shows(text: RegExp): Promise<void>
  ended(): Promise<number | null>
}

/** The program on a terminal of its own, which `script` makes. */
function onTerminal(args: readonly string[]): Terminal {
  const command = [process.execPath, join(root, 'dist', 'saksi.js'), ...args]
    .map((arg) => `'${arg}'`)
    .join(' ')
  const child: ChildProcess = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, NO_COLOR: '1', SAKSI_WORKERS: '2' },
  })
  let said = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const closed = once(child, 'close')
  return {
    said: () => said,
    type: (text) => void child.stdin?.write(text),
    shows: async (text) => expect.poll(() => said, { timeout: 60_000, interval: 20 }).toMatch(text),
    ended: async () => {
      await closed
      return child.exitCode
    },
  }
}

it('asks for fingerprint and age, shows the code once, goes on when it is written down, and shows dots for it later', async () => {
  const [, url = '', , fingerprint = ''] = served.leaflet
  const registering = onTerminal(['register', picture, '--server', url])
  await registering.shows(/from its leaflet: $/)
  registering.type(`${fingerprint}\r`)
  await registering.shows(/Answer with a number: $/)
  registering.type('1\r')
  await registering.shows(/when it is written down: $/)
  expect(await served.countRows('cases')).toBe(0)
  const [, code = ''] = /Your return code: {2}([\d ]{34})/.exec(registering.said()) ?? []
  registering.type('000\r')
  await registering.shows(/not its last four digits[\s\S]*written down: $/)
  registering.type(`${code.slice(-4)}\r`)
  expect(await registering.ended()).toBe(0)
  expect(registering.said().split(code)).toHaveLength(2)
  expect(await served.countRows('cases')).toBe(1)

  const reading = onTerminal(['mailbox', 'read', ...served.leaflet])
  await reading.shows(/Your return code: $/)
  reading.type(`${code.slice(0, 10)}9\u007f${code.slice(10)}\r`)
  expect(await reading.ended()).toBe(0)
  expect(reading.said()).toContain('A picture is looked for')
  expect(reading.said()).not.toContain(code.slice(0, 9))
})

it('stops at a question, and has sent nothing then', async () => {
  const before = await served.countRows('cases')
  const registering = onTerminal(['register', picture, '--adult', ...served.leaflet])
  await registering.shows(/when it is written down: $/)
  registering.type('\u0003')
  expect(await registering.ended()).toBe(130)
  const minor = onTerminal(['register', picture, ...served.leaflet])
  await minor.shows(/Answer with a number: $/)
  minor.type('2\r')
  expect(await minor.ended()).toBe(3)
  expect(minor.said()).toContain('MINOR_PICTURE_REFUSED')
  expect(await served.countRows('cases')).toBe(before)
})
