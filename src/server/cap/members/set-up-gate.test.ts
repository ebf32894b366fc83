import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { temporaryFolder } from '#node/testing/temporary-folder.ts'
import { makeSetupLink, readSetup } from '../../data/index.ts'
import { setUpGateIn } from './set-up-gate.ts'

const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
const newToken = async (directory: string) =>
  (await makeSetupLink(directory, 'https://reports.example.org', random)).split('#')[1] ?? ''

it('opens with the token of the newest link only, and never again once it was closed', async () => {
  const directory = temporaryFolder()
  const gate = setUpGateIn(directory)
  expect(await gate.isOpen('')).toBe(false)
  const former = await newToken(directory)
  const token = await newToken(directory)
  expect(await gate.isOpen(former)).toBe(false)
  expect(await gate.isOpen(token)).toBe(true)
  await gate.close()
  await gate.close()
  expect(await gate.isOpen(token)).toBe(false)
  expect(await readSetup(directory)).toMatchObject({ state: 'done' })
})
