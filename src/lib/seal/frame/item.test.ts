import { beforeAll, expect, it } from 'vitest'
import { sealBytes } from '../envelope/seal.ts'
import { type AgeIdentity, hybridIdentityOf, x25519IdentityOf } from '../keys/identity.ts'
import { systemRandom } from '../keys/random.ts'
import { encodeFrame } from './frame.ts'
import { openItem, SEALED_ITEM_BYTES, sealItem } from './item.ts'

const refused = (code: string) => expect.objectContaining({ code })
const text = (value: string) => new TextEncoder().encode(value)
let identity: AgeIdentity

beforeAll(async () => {
  identity = await hybridIdentityOf(systemRandom(32))
})

it('seals records so that only four lengths are ever seen', async () => {
  expect(SEALED_ITEM_BYTES).toEqual([5_755, 18_043, 67_195, 263_851])
  for (const [i, length] of [10, 8_000, 60_000, 261_000].entries()) {
    const record = { text: 'x'.repeat(length) }
    const sealed = await sealItem(record, identity.recipient)
    expect(sealed).toHaveLength(SEALED_ITEM_BYTES[i] ?? 0)
    expect(await openItem(sealed, identity)).toEqual(record)
  }
})

it('keeps records and lists of files apart', async () => {
  const list = await sealItem({ v: 1, files: [] }, identity.recipient, 'file-list')
  expect(await openItem(list, identity, 'file-list')).toEqual({ v: 1, files: [] })
  await expect(openItem(list, identity)).rejects.toEqual(refused('FRAME_INVALID'))
  const record = await sealItem({ v: 1, files: [] }, identity.recipient)
  await expect(openItem(record, identity, 'file-list')).rejects.toEqual(refused('FRAME_INVALID'))
})

it('refuses what has no canonical form, and recipients without post-quantum protection', async () => {
  for (const record of [null, { a: null }, { a: 0.5 }, { a: undefined }])
    await expect(sealItem(record, identity.recipient)).rejects.toEqual(refused('SEAL_NOT_CANONICAL'))
  const { recipient } = await x25519IdentityOf(systemRandom(32))
  await expect(sealItem({}, recipient)).rejects.toEqual(refused('SEAL_RECIPIENT'))
})

it('refuses what was sealed to the case in any other form', async () => {
  const sealed = (bytes: Uint8Array) => sealBytes(bytes, [identity.recipient])
  const framed = (payload: string) => encodeFrame({ type: 'record', payload: text(payload) })
  const cases: [code: string, bytes: Uint8Array][] = [
    ['FRAME_INVALID', text('{}')],
    ['FRAME_INVALID', encodeFrame({ type: 'file', payload: text('{}') })],
    ['SEAL_NOT_CANONICAL', framed('')],
    ['SEAL_NOT_CANONICAL', framed('{"a":1,"a":2}')],
    ['SEAL_NOT_CANONICAL', framed('{ }')],
    ['SEAL_NOT_CANONICAL', framed('null')],
    ['SEAL_NOT_CANONICAL', framed('['.repeat(200_000))],
  ]
  for (const [code, bytes] of cases)
    await expect(openItem(await sealed(bytes), identity)).rejects.toEqual(refused(code))
})
