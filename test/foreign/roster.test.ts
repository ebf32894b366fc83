import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { z } from 'zod'
import { formatRosterText, rootVkeys } from '#lib/seal/index.ts'
import { officers, rosterOf, signedText, trust } from '#lib/seal/roster/testing.ts'
import { formatNote, formatVkey, noteKey, parseNote } from '#lib/tlog/index.ts'
import { temporaryFolder } from '../run-saksi.ts'
import { runGo } from './go/run-go.ts'

const folder = temporaryFolder()
afterAll(folder.remove)
const at = (name: string) => join(folder.path, name)

const text = formatRosterText(rosterOf())
const note = signedText(text, [1, 3])
const { signatures } = parseNote(note)
const verdicts = z.object({
  Opened: z.array(z.object({ Error: z.string(), Names: z.array(z.string()).nullable() })),
})

it('is signed so that openssl verifies the raw text of the roster with two root keys', () => {
  const keys = [officers[0], officers[2]]
  for (const [i, key] of keys.entries()) {
    const publicKey = key?.vkey.publicKey ?? new Uint8Array(32)
    const signature = signatures[i]?.signature ?? new Uint8Array(64)
    expect(isVerified(publicKey, Buffer.from(text), signature)).toBe(true)
    for (const place of [0, 20, text.length - 2]) {
      const flipped = Buffer.from(text)
      flipped[place] = (flipped[place] ?? 0) ^ 1
      expect(isVerified(publicKey, flipped, signature), `byte ${place}`).toBe(false)
    }
    const other = keys[1 - i]?.vkey.publicKey ?? new Uint8Array(32)
    expect(isVerified(other, Buffer.from(text), signature)).toBe(false)
  }
})

it('is a note that Go opens with the root keys, and refuses where we refuse it', () => {
  const flippedSignature = signatures.map((line, i) => ({
    ...line,
    signature: line.signature.map((byte, j) => (i === 1 && j === 40 ? byte ^ 1 : byte)),
  }))
  const notes = [
    note,
    note.replace('"v":1', '"v":2'),
    formatNote({ text, signatures: flippedSignature }),
    note.slice(0, -1),
  ]
  expect(open(notes, rootVkeys(trust.root).map(formatVkey))).toEqual([
    { Error: '', Names: ['org.example/roster-root-1', 'org.example/roster-root-3'] },
    { Error: 'invalid', Names: null },
    { Error: 'invalid', Names: null },
    { Error: 'malformed', Names: null },
  ])
  const stranger = noteKey('org.example/roster-root-1', new Uint8Array(32).fill(9))
  expect(open([note], [formatVkey(stranger.vkey)])).toEqual([{ Error: 'unverified', Names: null }])
})

function open(notes: string[], vkeys: string[]) {
  return verdicts.parse(runGo('note.go', { Vkeys: vkeys, Notes: notes, Text: 'nothing\n', Time: 1 })).Opened
}

function isVerified(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const header = Buffer.from('302a300506032b6570032100', 'hex')
  const pem = Buffer.concat([header, publicKey]).toString('base64')
  writeFileSync(at('key.pem'), `-----BEGIN PUBLIC KEY-----\n${pem}\n-----END PUBLIC KEY-----\n`)
  writeFileSync(at('message'), message)
  writeFileSync(at('signature'), signature)
  const files = ['-inkey', at('key.pem'), '-in', at('message'), '-sigfile', at('signature')]
  const ran = spawnSync('openssl', ['pkeyutl', '-verify', '-pubin', '-rawin', ...files])
  if (ran.error) throw new Error('openssl is missing: sudo apt-get install openssl')
  return ran.status === 0
}
