// What sealing costs:  npm run bench -- seal [--json] [--megabytes 100] [--reports 40]
// One thread; everything is processor time, of the child where age runs, so that a busy machine does not change it. Beside each
// figure a peer that does the same, or the nearest to it that there is: the age library without our frames, age (Go, with X25519:
// the age of Debian 12 knows no hybrid keys), the other Argon2id program, Node's native hash.
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes, scryptSync } from 'node:crypto'
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decrypter, Encrypter } from 'age-encryption'
import {
  type AgeIdentity,
  argon2id,
  argon2idPortable,
  checkWork,
  hybridIdentityOf,
  openItem,
  openStream,
  openWrap,
  RETURN_CODE_SERIES,
  sealItem,
  sealSlots,
  sealStream,
  solveWork,
  startCase,
  systemRandom,
  x25519IdentityOf,
} from '#lib/seal/index.ts'
import { median, numberOption } from './options.ts'
import { printReport } from './table.ts'

const megabytes = numberOption('--megabytes', 100)
const reports = numberOption('--reports', 40)
const REPORT = { t: 'report', body: 'Seseorang menyebarkan gambar saya. '.repeat(229).slice(0, 8000) }
const folder = mkdtempSync(join(tmpdir(), 'saksi-bench-seal-'))

try {
  const hybrid = await hybridIdentityOf(systemRandom(32))
  const x25519 = await x25519IdentityOf(systemRandom(32))
  const items = await itemFigures(hybrid)
  const slots = await slotFigures(hybrid)
  const streams = await streamFigures(hybrid, x25519)
  const slow = await argonFigures()
  const work = await workFigures()
  const perSecond = (ms: number): string => (1000 / ms).toFixed(0)
  printReport(
    `Sealing a report of 8 kB: ${perSecond(items.sealMs)} a second; opening it: ${perSecond(items.openMs)} a second`,
    {
      columns: ['', 'Saksi', 'peer', 'what the peer is'],
      rows: [
        ['seal an 8 kB report, ms', ms(items.sealMs), ms(items.peerSealMs), 'age-encryption alone'],
        ['open an 8 kB report, ms', ms(items.openMs), ms(items.peerOpenMs), 'age-encryption alone'],
        ['twelve slots of a case, ms', ms(slots.slotsMs), '', ''],
        ['open one wrap, ms', ms(slots.openWrapMs), '', ''],
        ['seal a stream, hybrid, MB a second', mb(streams.sealHybrid), mb(streams.ageSeal), 'age, X25519'],
        ['open a stream, hybrid, MB a second', mb(streams.openHybrid), mb(streams.ageOpen), 'age, X25519'],
        ['seal a stream, X25519, MB a second', mb(streams.sealX25519), mb(streams.ageSeal), 'age, X25519'],
        ['return code to key, ms', ms(slow.wasmMs), ms(slow.portableMs), 'the same without WebAssembly'],
        ['', '', ms(slow.scryptMs), 'scrypt of OpenSSL, 16 MiB'],
        [
          'proof of work, thousand hashes/s',
          ms(work.hashesPerMs),
          ms(work.nativeHashesPerMs),
          'SHA-256 of OpenSSL, one call each',
        ],
      ],
    },
    { ...items, ...slots, ...streams, ...slow, ...work },
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function itemFigures(identity: AgeIdentity) {
  const encrypter = new Encrypter()
  encrypter.addRecipient(identity.recipient)
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity.secret)
  const padded = new Uint8Array(16_384)
  const sealed = await sealItem(REPORT, identity.recipient)
  const peerSealed = await encrypter.encrypt(padded)
  return {
    sealMs: await medianOf(reports, () => sealItem(REPORT, identity.recipient)),
    openMs: await medianOf(reports, () => openItem(sealed, identity)),
    peerSealMs: await medianOf(reports, () => encrypter.encrypt(padded)),
    peerOpenMs: await medianOf(reports, () => decrypter.decrypt(peerSealed)),
  }
}

async function slotFigures({ recipient, ...identity }: AgeIdentity) {
  const key = await startCase(systemRandom(32), systemRandom)
  const address = 'AAAAAAAAAAAAAAAAAAAAAA'
  const slots = await sealSlots(key, [{ address, recipient }], systemRandom)
  const wrap = slots.find((slot) => slot.address === address)?.wrap ?? new Uint8Array(0)
  return {
    slotsMs: await medianOf(5, () => sealSlots(key, [{ address, recipient }], systemRandom)),
    openWrapMs: await medianOf(reports, () => openWrap(wrap, { recipient, ...identity }, key)),
  }
}

async function streamFigures(hybrid: AgeIdentity, x25519: AgeIdentity) {
  const file = join(folder, 'file')
  writeFileSync(file, randomBytes(megabytes * 1_000_000))
  writeFileSync(join(folder, 'identity'), x25519.secret)
  const sealTo = ({ recipient }: AgeIdentity) =>
    speed(() => drain(sealStream(createReadStream(file, { highWaterMark: 65_536 }), [recipient])))
  const sealed = join(folder, 'hybrid.age')
  const parts: Uint8Array[] = []
  for await (const piece of sealStream(createReadStream(file), [hybrid.recipient])) parts.push(piece)
  writeFileSync(sealed, Buffer.concat(parts))
  return {
    sealHybrid: await sealTo(hybrid),
    openHybrid: await speed(() =>
      drain(openStream(createReadStream(sealed, { highWaterMark: 65_536 }), hybrid)),
    ),
    sealX25519: await sealTo(x25519),
    ageSeal: ageSpeed('-r', x25519.recipient, '-o', 'x25519.age', 'file'),
    ageOpen: ageSpeed('-d', '-i', 'identity', '-o', 'opened', 'x25519.age'),
  }
}

async function argonFigures() {
  const input = {
    ...RETURN_CODE_SERIES[1],
    password: randomBytes(28),
    salt: randomBytes(16),
    lengthBytes: 32,
  }
  return {
    wasmMs: await medianOf(7, () => argon2id(input)),
    portableMs: await medianOf(5, () => argon2idPortable(input)),
    scryptMs: await medianOf(7, async () => scryptSync(input.password, input.salt, 32)),
  }
}

async function workFigures() {
  const challenge = { nonce: systemRandom(16), bits: 18 }
  let counter = 0
  const solveMs = await cpuMs(async () => {
    counter = await solveWork(challenge)
  })
  checkWork(challenge, counter)
  const input = randomBytes(20)
  const nativeMs = await cpuMs(async () => {
    for (let i = 0; i < 200_000; i++) createHash('sha256').update(input).digest()
  })
  return { hashesPerMs: (counter + 1) / solveMs, nativeHashesPerMs: 200_000 / nativeMs }
}

async function medianOf(rounds: number, call: () => Promise<unknown>): Promise<number> {
  for (let warmUp = 0; warmUp < Math.max(2, rounds / 5); warmUp++) await call()
  const times: number[] = []
  for (let i = 0; i < rounds; i++) times.push(await cpuMs(call))
  return median(times)
}

async function cpuMs(call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await call()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Megabytes of the file in a second of processor time. */
async function speed(call: () => Promise<unknown>): Promise<number> {
  return (megabytes * 1000) / (await cpuMs(call))
}

/** The same for the age program, as the shell that started it counts its processor time. */
function ageSpeed(...args: string[]): number {
  const { stderr, status } = spawnSync('bash', ['-c', 'time age "$@"', 'age', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, TIMEFORMAT: '%U %S' },
  })
  const [user = Number.NaN, system = Number.NaN] = stderr.trim().split(' ').map(Number)
  if (status !== 0) throw new Error(`age failed: ${stderr}`)
  return megabytes / (user + system)
}

async function drain(stream: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of stream) if (piece.length === 0) break
}

function ms(value: number): string {
  return value.toFixed(1)
}

function mb(value: number): string {
  return value.toFixed(0)
}
