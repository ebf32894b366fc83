import { afterAll, beforeAll, expect, it } from 'vitest'
import { allOperations } from '#contract/api.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { openWorld, type World } from './testing/world.ts'

let world: World
const directory = makeTemporaryFolder()
beforeAll(async () => {
  world = await openWorld({ directory })
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

it('says that it is ready', async () => {
  expect(await world.client.health.check()).toMatchObject({ status: 'ready' })
})

it('answers a path that nobody serves with a code and without repeating it', async () => {
  const response = await fetch(`${world.url}/api/secret-path?secret=query`, { method: 'POST' })
  expect(response.status).toBe(404)
  expect(await response.json()).toEqual({ error: { code: 'NOT_FOUND' } })
  expect(world.logged.join('\n')).not.toContain('secret')
})

it('lets pages of the configured origins in and no others', async () => {
  const ask = (origin: string) => fetch(`${world.url}/api/health`, { method: 'OPTIONS', headers: { origin } })
  expect((await ask('https://pages.example')).headers.get('access-control-allow-origin')).toBe(
    'https://pages.example',
  )
  expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
})

it('describes every operation in its OpenAPI document', async () => {
  const document = (await (await fetch(`${world.url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>
  }
  const described = Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .map(({ operationId }) => operationId)
  expect(described.sort()).toEqual(
    allOperations()
      .map(({ name }) => name)
      .sort(),
  )
})
