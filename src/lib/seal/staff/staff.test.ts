import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToHex, concatBytes, hexToBytes } from '../../bytes/index.ts'
import { bytesToBase64url } from '../keys/base64url.ts'
import { hybridIdentityOf } from '../keys/identity.ts'
import { SIGNATURE_LABELS } from '../keys/labels.ts'
import { systemRandom } from '../keys/random.ts'
import { signedBytes, signingKeyOf } from '../keys/signing.ts'
import { codeOf, idOf, ORG, seedOf } from '../roster/testing.ts'
import vectors from '../vectors/staff-sign-in.json' with { type: 'json' }
import { BOX_BYTES, openIdentityBox, sealIdentityBox } from './identity-box.ts'
import { CURRENT_KDF, passkeyInput, passkeySecret, passphraseSecret, sheetSecret } from './kdf.ts'
import { checkLogin, type Login, loginParameters, signLogin } from './login.ts'
import { checkMethods, checkStaffMethod, makeStaffMethod, openStaffMethod } from './method.ts'
import { formatSheet, makeSheet, parseSheet } from './sheet.ts'
import { staffKeysOf } from './staff-keys.ts'

const hex = (text: string) => hexToBytes(text) ?? new Uint8Array(0)
const name = { org: ORG, staff: idOf('worker'), methodId: idOf('method'), keyVersion: 1 }
const identity = {
  age: await hybridIdentityOf(seedOf('age')),
  sign: signingKeyOf(seedOf('sign')),
  created: '2026-11-24',
}
const secret = passkeySecret(seedOf('prf'))
const keys = staffKeysOf(secret)
const salt = seedOf('salt').subarray(0, 16)

it('derives the keys of the known answer from a passphrase', async () => {
  const stretched = await passphraseSecret(vectors.passphrase, vectors.kdf, hex(vectors.saltHex))
  expect(bytesToHex(stretched)).toBe(vectors.secretHex)
  const { auth, box } = staffKeysOf(stretched)
  expect(bytesToHex(auth.publicKey)).toBe(vectors.authPublicKeyHex)
  expect(bytesToHex(box.boxKey)).toBe(vectors.boxKeyHex)
})

it('gives the known answers of passkeys, sheets and boxes', async () => {
  const { passkey, sheet, box } = vectors
  const text = `saksi/v1/prf\n${passkey.org}\n${passkey.keyVersion}`
  expect(bytesToHex(passkeyInput(passkey.org, passkey.keyVersion))).toBe(passkey.inputHex)
  expect(passkey.inputHex).toBe(bytesToHex(sha256(new TextEncoder().encode(text))))
  expect(bytesToHex(sheetSecret(parseSheet(sheet.digits)))).toBe(sheet.secretHex)
  const sealed = sealIdentityBox(identity, keys.box, box.name, () => hex(box.nonceHex))
  expect(bytesToHex(sealed)).toBe(box.boxHex)
})

it('takes composed and decomposed text for one passphrase', async () => {
  const composed = await passphraseSecret('caf\u00e9 au lait, s\u2019il vous pla\u00eet', CURRENT_KDF, salt)
  const decomposed = await passphraseSecret(
    'cafe\u0301 au lait, s\u2019il vous plai\u0302t',
    CURRENT_KDF,
    salt,
  )
  expect(decomposed).toEqual(composed)
})

it('does not touch the passphrase when a server asks for less than agreed, or for too much', async () => {
  const weaker = [
    { t: 2 },
    { t: 17 },
    { m: 65_535 },
    { m: 262_145 },
    { m: Number.NaN },
    { p: 2 },
    { p: 0 },
    { t: 3.5 },
  ].map((change) => ({ ...CURRENT_KDF, ...change }))
  const untouched = new Proxy(Object(''), {
    get: () => {
      throw new Error('the passphrase was read')
    },
  })
  for (const kdf of weaker)
    await expect(passphraseSecret(untouched, kdf, salt), JSON.stringify(kdf)).rejects.toMatchObject({
      code: 'STAFF_KDF_DOWNGRADE',
    })
  for (const length of [0, 8, 15, 17])
    await expect(passphraseSecret('x', CURRENT_KDF, new Uint8Array(length))).rejects.toMatchObject({
      code: 'STAFF_KDF_DOWNGRADE',
    })
})

it('opens a box with its own key under its own name only', async () => {
  const box = sealIdentityBox(identity, keys.box, name, systemRandom)
  expect(box).toHaveLength(BOX_BYTES)
  expect(await openIdentityBox(box, keys.box, name)).toEqual(identity)
  const others = [
    { ...name, org: 'other.example' },
    { ...name, staff: idOf('colleague') },
    { ...name, methodId: idOf('other method') },
    { ...name, keyVersion: 2 },
  ]
  for (const other of others)
    await expect(openIdentityBox(box, keys.box, other)).rejects.toMatchObject({ code: 'STAFF_BOX' })
  const { box: wrong } = staffKeysOf(passkeySecret(seedOf('another passkey')))
  await expect(openIdentityBox(box, wrong, name)).rejects.toMatchObject({ code: 'STAFF_BOX' })
})

it('does not open a box with the key that signs in', async () => {
  const box = sealIdentityBox(identity, keys.box, name, systemRandom)
  expect(keys.auth.seed).not.toEqual(keys.box.boxKey)
  // @ts-expect-error a key that signs is no key of a box
  await expect(openIdentityBox(box, keys.auth, name)).rejects.toMatchObject({ code: 'STAFF_BOX' })
  await expect(openIdentityBox(box, { boxKey: keys.auth.seed }, name)).rejects.toMatchObject({
    code: 'STAFF_BOX',
  })
})

it('refuses a box that was altered, cut or extended anywhere', async () => {
  const box = sealIdentityBox(identity, keys.box, name, systemRandom)
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: BOX_BYTES - 1 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const altered = box.slice()
      altered[at] = (altered[at] ?? 0) ^ change
      for (const wrong of [altered, box.slice(0, at), new Uint8Array([...box, change])])
        await expect(openIdentityBox(wrong, keys.box, name)).rejects.toMatchObject({ code: 'STAFF_BOX' })
    }),
  )
})

it('gives every box the same length and another nonce', () => {
  const boxes = Array.from({ length: 20 }, () => sealIdentityBox(identity, keys.box, name, systemRandom))
  expect(new Set(boxes.map((box) => box.length))).toEqual(new Set([296]))
  expect(new Set(boxes.map((box) => bytesToHex(box.subarray(0, 24)))).size).toBe(20)
})

it('unlocks one identity in three ways', async () => {
  const sheet = makeSheet(systemRandom)
  const ways = [
    [
      { kind: 'passphrase', kdf: CURRENT_KDF, salt },
      await passphraseSecret('orbit lemon', CURRENT_KDF, salt),
    ],
    [{ kind: 'passkey' }, secret],
    [{ kind: 'sheet' }, sheetSecret(sheet)],
  ] as const
  const methods = ways.map(([how, own], i) =>
    makeStaffMethod({ ...name, methodId: idOf(`method ${i}`) }, how, own, identity, systemRandom),
  )
  for (const [i, [, own]] of ways.entries()) {
    const row = checkStaffMethod(JSON.parse(JSON.stringify(methods[i])))
    expect((await openStaffMethod(ORG, row, own)).age.secret).toBe(identity.age.secret)
    for (const [, other] of ways.filter((_, j) => j !== i))
      await expect(openStaffMethod(ORG, row, other)).rejects.toMatchObject({ code: 'STAFF_BOX' })
    await expect(openStaffMethod('other.example', row, own)).rejects.toMatchObject({ code: 'STAFF_BOX' })
  }
  const [phrase, passkey, paper] = methods.flatMap((method) => [method])
  if (!phrase || !passkey || !paper) throw new Error('three rows are expected')
  expect(codeOf(() => checkMethods([phrase, passkey]))).toBeNull()
  for (const few of [
    [],
    [phrase],
    [phrase, phrase],
    [passkey, paper],
    [phrase, { ...paper, staff: idOf('colleague') }],
  ])
    expect(codeOf(() => checkMethods(few))).toBe('STAFF_METHODS_TOO_FEW')
})

it('reads rows in their form only', () => {
  const phrase = makeStaffMethod(
    name,
    { kind: 'passphrase', kdf: CURRENT_KDF, salt },
    secret,
    identity,
    systemRandom,
  )
  const passkey = makeStaffMethod(name, { kind: 'passkey' }, secret, identity, systemRandom)
  const { kdf, ...withoutKdf } = phrase
  for (const wrong of [
    null,
    withoutKdf,
    { ...passkey, kdf },
    { ...passkey, salt: phrase.salt },
    { ...phrase, fmt: 2 },
    { ...phrase, box: phrase.box.slice(1) },
    { ...phrase, handle: 'worker' },
    { ...phrase, kdf: { ...kdf, t: '3' } },
  ])
    expect(
      codeOf(() => checkStaffMethod(wrong)),
      JSON.stringify(wrong),
    ).toBe('STAFF_METHOD')
})

const method = makeStaffMethod(
  name,
  { kind: 'passphrase', kdf: CURRENT_KDF, salt },
  secret,
  identity,
  systemRandom,
)
const serverKey = seedOf('server key')
const login: Login = {
  staff: name.staff,
  nonce: 'AAECAwQFBgcICQoLDA0ODw',
  origin: 'https://console.org.example',
}

it('signs in with the key of the row, for one nonce, person and origin', () => {
  const signature = signLogin(keys.auth, login)
  expect(codeOf(() => checkLogin(method, login, signature))).toBeNull()
  const wrongPhrase = staffKeysOf(passkeySecret(seedOf('another secret')))
  const refused = [
    () => checkLogin(null, login, signature),
    () => checkLogin(method, { ...login, nonce: 'another nonce' }, signature),
    () => checkLogin(method, { ...login, origin: 'https://console.org.example.evil.example' }, signature),
    () => checkLogin({ ...method, staff: idOf('colleague') }, login, signature),
    () => checkLogin(method, login, signLogin(wrongPhrase.auth, login)),
    () => checkLogin(method, login, new Uint8Array(64)),
    () => checkLogin(method, login, signature.subarray(1)),
  ]
  const messages = refused.map((act) => {
    try {
      act()
      return 'accepted'
    } catch (error) {
      return `${codeOf(() => {
        throw error
      })} ${error instanceof Error ? error.message : ''}`
    }
  })
  expect(new Set(messages).size).toBe(1)
  expect(messages[0]).toMatch(/^STAFF_LOGIN_REFUSED /)
})

it('refuses a handle that nobody has, even with a signature that holds under its stand-in key', () => {
  // The stand-in is the base point, whose secret scalar is 1, so that anybody can sign for it.
  const { BASE, Fn } = ed25519.Point
  const message = signedBytes(SIGNATURE_LABELS.login, login)
  const digest = sha512(concatBytes(BASE.toBytes(), BASE.toBytes(), message))
  const challenge = Fn.create(BigInt(`0x${bytesToHex(digest.toReversed())}`))
  const signature = concatBytes(BASE.toBytes(), Fn.toBytes(Fn.add(challenge, 1n)))
  expect(ed25519.verify(signature, message, BASE.toBytes())).toBe(true)
  expect(codeOf(() => checkLogin(null, login, signature))).toBe('STAFF_LOGIN_REFUSED')
})

it('answers for a handle that nobody has in the same form, and the same every time', () => {
  const known = loginParameters('aini', method, serverKey)
  const unknown = loginParameters('nobody', null, serverKey)
  expect(known).toEqual({
    staff: name.staff,
    methodId: name.methodId,
    keyVersion: 1,
    kdf: CURRENT_KDF,
    salt: bytesToBase64url(salt),
  })
  expect(Object.keys(unknown)).toEqual(Object.keys(known))
  for (const field of ['staff', 'methodId', 'salt'] as const)
    expect(unknown[field]).toHaveLength(known[field].length)
  expect(new Set([unknown.staff, unknown.methodId, unknown.salt]).size).toBe(3)
  expect(loginParameters('nobody', null, serverKey)).toEqual(unknown)
  expect(loginParameters('NOBODY', null, serverKey)).toEqual(unknown)
  expect(loginParameters('nobody2', null, serverKey).salt).not.toBe(unknown.salt)
  expect(loginParameters('nobody', null, seedOf('another key')).salt).not.toBe(unknown.salt)
})

it('reads a sheet as it is printed and typed, and notices every mistyped digit', () => {
  const sheet = makeSheet(systemRandom)
  const printed = formatSheet(sheet)
  expect(printed).toMatch(/^([0-9]{4} ){9}[0-9]{4}$/)
  expect(parseSheet(printed)).toEqual(sheet)
  expect(parseSheet(printed.replaceAll(' ', '-'))).toEqual(sheet)
  fc.assert(
    fc.property(fc.nat({ max: 39 }), fc.integer({ min: 1, max: 9 }), (at, change) => {
      const digit = (Number(sheet.digits[at]) + change) % 10
      const typed = sheet.digits.slice(0, at) + digit + sheet.digits.slice(at + 1)
      expect(codeOf(() => parseSheet(typed))).toBe('STAFF_SHEET')
    }),
  )
  for (const wrong of ['', sheet.digits.slice(1), `${sheet.digits}0`, `x${sheet.digits}`, '1'.repeat(5000)])
    expect(codeOf(() => parseSheet(wrong))).toBe('STAFF_SHEET')
})
