import { randomBytes } from 'node:crypto'
import { Decrypter, Encrypter, type Stanza } from 'age-encryption'
import { expect, it } from 'vitest'
import { PassphraseIdentity, PassphraseRecipient } from './age-passphrase.ts'

const PASSPHRASE = 'a passphrase of the tests'

it('seals what the age library opens', async () => {
  const encrypter = new Encrypter()
  encrypter.addRecipient(new PassphraseRecipient(PASSPHRASE))
  const decrypter = new Decrypter()
  decrypter.addPassphrase(PASSPHRASE)
  expect(await decrypter.decrypt(await encrypter.encrypt('content'), 'text')).toBe('content')
})

it('opens what the age library sealed, with this passphrase only', async () => {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(PASSPHRASE)
  encrypter.setScryptWorkFactor(10)
  const sealed = await encrypter.encrypt('content')
  const open = (passphrase: string) => {
    const decrypter = new Decrypter()
    decrypter.addIdentity(new PassphraseIdentity(passphrase))
    return decrypter.decrypt(sealed, 'text')
  }
  expect(await open(PASSPHRASE)).toBe('content')
  await expect(open('another one')).rejects.toThrow()
})

it('takes no header that asks for more work or has another form', async () => {
  const identity = new PassphraseIdentity(PASSPHRASE)
  const salt = randomBytes(16).toString('base64').replace(/=+$/, '')
  const stanza = (args: string[], bytes = 32): Stanza => ({ args, body: new Uint8Array(bytes) })
  const good = stanza(['scrypt', salt, '10'])
  const refused: Stanza[][] = [
    [],
    [good, good],
    [stanza(['X25519', salt])],
    [stanza(['scrypt', salt])],
    [stanza(['scrypt', salt, '21'])],
    [stanza(['scrypt', salt, '010'])],
    [stanza(['scrypt', salt, '1e1'])],
    [stanza(['scrypt', salt, '10', 'x'])],
    [stanza(['scrypt', `${salt}=`, '10'])],
    [stanza(['scrypt', salt.slice(4), '10'])],
    [stanza(['scrypt', salt, '10'], 31)],
  ]
  for (const stanzas of refused) expect(await identity.unwrapFileKey(stanzas)).toBeNull()
})
