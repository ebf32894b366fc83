import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundle, type Setting, setUp } from './bundle-command.ts'

let setting: Setting
beforeAll(async () => {
  setting = await setUp()
})
afterAll(() => setting.close())

it('encrypts with a passphrase that is shown once and opens nothing else', async () => {
  const { at, base } = setting
  const made = await bundle(...base(), '--exhibit', at('hers.jpg'), '--passphrase', '--out', at('P.zip.age'))
  const [, passphrase = ''] = /\n {2}([a-z-]{20,})$/.exec(made.out) ?? []
  expect(passphrase.split('-').length).toBe(5)
  writeFileSync(at('passphrase'), `${passphrase}\n`)
  expect((await bundle('verify', at('P.zip.age'), '--passphrase-file', at('passphrase'))).exitCode).toBe(0)
  writeFileSync(at('wrong'), 'bababa-bababa-bababa-bababa-bababa\n')
  expect((await bundle('verify', at('P.zip.age'), '--passphrase-file', at('wrong'))).refused).toBe(
    'BUNDLE_ENCRYPTED',
  )
  expect((await bundle('verify', at('P.zip.age'))).refused).toBe('BUNDLE_ENCRYPTED')
  const cut = readFileSync(at('P.zip.age'))
  writeFileSync(at('cut.zip.age'), cut.subarray(0, -100))
  expect((await bundle('verify', at('cut.zip.age'), '--passphrase-file', at('passphrase'))).refused).toBe(
    'BUNDLE_ENCRYPTED',
  )
})
