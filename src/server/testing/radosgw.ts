import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import type { S3Credentials } from '../blob-store/index.ts'

const run = promisify(execFile)
const UP_MS = 60_000
const PROGRAMS = ['/usr/bin/radosgw', '/usr/bin/ceph-mon', '/usr/bin/ceph-osd', '/usr/bin/ceph']

/** Ceph's S3 server, with a monitor and one store in memory behind it. */
export interface Radosgw {
  readonly endpoint: string
  readonly credentials: S3Credentials
  stop(): Promise<void>
}

/** Starts the smallest Ceph that answers S3, on ports of the loopback that are free. Takes some ten seconds. */
export async function startRadosgw(): Promise<Radosgw> {
  const missing = PROGRAMS.filter((path) => !existsSync(path))
  if (missing.length > 0) {
    throw new Error(`${missing.join(', ')} missing. On Debian: apt-get install radosgw ceph-mon ceph-osd`)
  }
  const folder = makeTemporaryFolder()
  const [monitor, port] = [await freePort(), await freePort()]
  const children: ChildProcess[] = []
  const conf = join(folder, 'ceph.conf')
  const start = (program: string, ...args: string[]): void => {
    children.push(spawn(program, ['-c', conf, ...args, '-f'], { stdio: 'ignore' }))
  }
  const stop = async (): Promise<void> => {
    for (const child of children.reverse()) {
      const ended = once(child, 'exit')
      if (child.kill('SIGKILL')) await ended
    }
    removeFolder(folder)
  }
  try {
    await prepare(folder, conf, { monitor, port })
    start('ceph-mon', '-i', 'a')
    const id = randomUUID()
    await run('ceph', ['-c', conf, '--connect-timeout', '30', 'osd', 'create', id])
    await run('ceph-osd', ['-c', conf, '-i', '0', '--mkfs', '--osd-uuid', id])
    start('ceph-osd', '-i', '0')
    start('radosgw', '-n', 'client.admin')
    const endpoint = `http://127.0.0.1:${port}`
    await untilUp(endpoint)
    return { endpoint, credentials: await makeUser(conf), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function prepare(
  folder: string,
  conf: string,
  { monitor, port }: { readonly monitor: number; readonly port: number },
): Promise<void> {
  for (const name of ['mon', 'osd', 'rgw']) mkdirSync(join(folder, name))
  const fsid = randomUUID()
  writeFileSync(conf, settings(folder, { fsid, monitor, port }))
  const keyring = join(folder, 'keyring')
  const all = ['--cap', 'mon', 'allow *']
  const key = (...args: string[]) => run('ceph-authtool', [keyring, '--gen-key', ...args])
  await run('ceph-authtool', ['--create-keyring', keyring])
  await key('-n', 'mon.', ...all)
  await key('-n', 'client.admin', ...all, '--cap', 'osd', 'allow *')
  await key('-n', 'osd.0', '--cap', 'mon', 'allow profile osd', '--cap', 'osd', 'allow *')
  const map = join(folder, 'monmap')
  const address = `[v2:127.0.0.1:${monitor}]`
  await run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', address, map])
  await run('ceph-mon', ['-c', conf, '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring])
}

function settings(
  folder: string,
  { fsid, monitor, port }: { readonly fsid: string; readonly monitor: number; readonly port: number },
): string {
  return `[global]
fsid = ${fsid}
mon host = [v2:127.0.0.1:${monitor}]
keyring = ${folder}/keyring
mon data = ${folder}/mon
osd data = ${folder}/osd
rgw data = ${folder}/rgw
run dir = ${folder}
admin socket = ${folder}/$name.$pid.asok
log file = /dev/null
public addr = 127.0.0.1
ms bind ipv6 = false
osd objectstore = memstore
memstore device bytes = 1073741824
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail crit = 0
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw thread pool size = 32
rgw enable usage log = false
rgw data log num shards = 1
rgw md log max shards = 1
rgw usage max shards = 1
rgw override bucket index max shards = 1
rgw gc max objs = 1
rgw lc max objs = 1
rgw reshard num logs = 1
`
}

async function untilUp(endpoint: string): Promise<void> {
  const deadlineMs = performance.now() + UP_MS
  while (performance.now() < deadlineMs) {
    const isUp = await fetch(endpoint, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.status < 500,
      () => false,
    )
    if (isUp) return
    await sleep(200)
  }
  throw new Error('radosgw does not answer.')
}

async function makeUser(conf: string): Promise<S3Credentials> {
  const accessKeyId = randomBytes(10).toString('hex')
  const secretAccessKey = randomBytes(20).toString('hex')
  const keys = ['--access-key', accessKeyId, '--secret-key', secretAccessKey]
  const user = ['user', 'create', '--uid', 'saksi', '--display-name', 'saksi']
  await run('radosgw-admin', ['-c', conf, '-n', 'client.admin', ...user, ...keys])
  return { accessKeyId, secretAccessKey }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
