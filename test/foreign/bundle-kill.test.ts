import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { saksi, startSaksi, temporaryFolder } from '../run-saksi.ts'
import { posted, writeScan } from './bundle-scan-fixture.ts'

const KILLS = 12
const folder = temporaryFolder()
afterAll(folder.remove)
const at = (name: string) => join(folder.path, name)

it('leaves a whole bundle or none, wherever it is killed, and clears away what a killed run left', async () => {
  writeScan(at('scan'), [posted(1), posted(2)])
  expect((await saksi(['bundle', 'key', at('key')])).code).toBe(0)
  const create = (out: string) => [
    'bundle',
    'create',
    '--scan',
    at('scan'),
    '--all',
    '--key',
    at('key'),
    '--out',
    at(out),
  ]
  const startedMs = performance.now()
  expect((await saksi(create('first.zip'))).code).toBe(0)
  const wholeMs = performance.now() - startedMs
  const left: number[] = []
  for (let i = 0; i < KILLS; i++) {
    const { child, ended } = startSaksi(create(`k${i}.zip`))
    await sleep((wholeMs * (i + 1)) / KILLS)
    child.kill('SIGKILL')
    await ended
    left.push(readdirSync(folder.path).filter((name) => name.startsWith('.saksi-bundle-')).length)
    if (!existsSync(at(`k${i}.zip`))) continue
    expect((await saksi(['bundle', 'verify', at(`k${i}.zip`)])).code).toBe(0)
  }
  expect((await saksi(create('last.zip'))).code).toBe(0)
  expect(readdirSync(folder.path).filter((name) => name.startsWith('.'))).toEqual([])
  // Each run clears what the one before it left, so it is never more than its own.
  expect(Math.max(...left)).toBeLessThanOrEqual(1)
})

it('stops tidily when it is interrupted', async () => {
  const { child, ended } = startSaksi([
    'bundle',
    'create',
    '--scan',
    at('scan'),
    '--all',
    '--key',
    at('key'),
    '--out',
    at('stopped.zip'),
  ])
  await sleep(150)
  child.kill('SIGINT')
  const { code } = await ended
  if (!existsSync(at('stopped.zip'))) expect(code).not.toBe(0)
  expect(readdirSync(folder.path).filter((name) => name.startsWith('.'))).toEqual([])
})
