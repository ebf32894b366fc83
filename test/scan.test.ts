import { execFileSync } from 'node:child_process'
import { readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ReportedMatch, ScanReport } from '#contract/scan-report.ts'
import { type Planted, plantExport } from './planted-export.ts'
import { checkDigests, type Ran, readReport, saksi, temporaryFolder } from './run-saksi.ts'

const { path: folder, remove } = temporaryFolder()
const out = join(folder, 'report')
let planted: Planted
let spoiled: Planted['truth']['faults'][number] | undefined
let ran: Ran
let report: ScanReport
let html: string

beforeAll(async () => {
  planted = await plantExport(folder)
  // What is left of a picture is compared, so that one of which nothing is left is needed too.
  spoiled = planted.truth.faults.find(({ kind, path }) => kind === 'truncated-jpeg' && path !== null)
  truncateSync(join(planted.exportPath, spoiled?.path ?? ''), 200)
  ran = await saksi(['scan', planted.exportPath, '--bank', planted.bankPath, '--out', out])
  report = readReport(out)
  html = readFileSync(join(out, 'report.html'), 'utf8')
})
afterAll(remove)

const KINDS: Record<string, ReportedMatch['copy']> = {
  exact: { isSameFile: true, isMirrored: false, turnedDegrees: 0, hasBorder: false },
  recompressed: { isSameFile: false, isMirrored: false, turnedDegrees: 0, hasBorder: false },
  resized: { isSameFile: false, isMirrored: false, turnedDegrees: 0, hasBorder: false },
  mirrored: { isSameFile: false, isMirrored: true, turnedDegrees: 0, hasBorder: false },
  'turned-90': { isSameFile: false, isMirrored: false, turnedDegrees: 90, hasBorder: false },
  'turned-180': { isSameFile: false, isMirrored: false, turnedDegrees: 180, hasBorder: false },
  'turned-270': { isSameFile: false, isMirrored: false, turnedDegrees: 270, hasBorder: false },
  bordered: { isSameFile: false, isMirrored: false, turnedDegrees: 0, hasBorder: true },
}

it('ends with 1 because a planted file cannot be read, and finds the rest', () => {
  expect(ran.code).toBe(1)
  expect(ran.stdout).toContain(join(out, 'report.html'))
})

it.each(Object.keys(KINDS))('finds a planted copy: %s', (edit) => {
  const copy = planted.truth.copies.find((one) => one.edit === edit && one.state === 'present')
  expect(copy).toBeDefined()
  const found = report.matches.filter(({ messageId }) => messageId === String(copy?.messageId))
  expect(found).toMatchObject([
    {
      entry: copy?.entry,
      rule: edit === 'exact' ? 'exact-file' : 'whole-frame',
      copy: KINDS[edit],
      isForwarded: copy?.forwardedFrom !== null,
      attachment: { kind: 'photo', state: 'present', path: copy?.path },
    },
  ])
})

it('finds a screenshot by its parts, and says that the picture is only a part of it and where', () => {
  const copy = planted.truth.copies.find((one) => one.edit === 'screenshot')
  const [found, ...others] = report.matches.filter(({ messageId }) => messageId === String(copy?.messageId))
  expect(others).toEqual([])
  expect(found).toMatchObject({
    entry: 'P-3',
    rule: 'windows',
    variant: null,
    copy: {
      isSameFile: false,
      isMirrored: false,
      turnedDegrees: 0,
      isCropped: false,
      isInsideLargerFrame: true,
    },
  })
  expect(found?.votes).toBeGreaterThanOrEqual(2)
  expect(found?.isOnlyLikely).toBeUndefined()
  // The drawn screen has bars of a tenth of its height, and the picture is 62 to 84 per cent as wide.
  const { top = 0, width = 1, height = 1 } = found?.where ?? {}
  expect(top).toBeGreaterThan(0.08)
  expect(top + height).toBeLessThan(0.92)
  expect(width).toBeGreaterThan(0.58)
  expect(width).toBeLessThan(0.88)
})

it('matches nothing but planted copies, each with its own entry', () => {
  const truth = new Set(planted.truth.copies.map(({ messageId, entry }) => `${messageId} ${entry}`))
  expect(report.matches.filter(({ messageId, entry }) => !truth.has(`${messageId} ${entry}`))).toEqual([])
  expect(report.counts.matches).toBe(report.matches.length)
  expect(report.counts.entriesMatched).toBe(new Set(report.matches.map(({ entry }) => entry)).size)
})

it('says in the report what such a scan may miss', () => {
  const said = report.coverage.join(' ')
  expect(said).toMatch(/crop/i)
  expect(said).toMatch(/screenshot/i)
  for (const line of report.coverage) expect(ran.stdout).toContain(line)
})

it('counts messages, pictures and what is not there', () => {
  const { counts, attachments, faults } = planted.truth
  const of = (kind: string): number => faults.filter((fault) => fault.kind === kind).length
  expect(report.counts).toMatchObject({
    messages: counts.messages,
    service: counts.service,
    edited: counts.edited,
    forwarded: counts.forwarded,
    attachments: { missing: attachments.missing, 'not-included': attachments['not-included'] },
  })
  expect(report.counts.pictures).toMatchObject({
    compared: counts.pictures - of('missing') - of('not-included') - 1,
    unreadable: 1,
    withheld: 0,
    tooPlain: 0,
    windowsCompared: report.counts.pictures.compared,
  })
  expect(report.bank.windowRows).toBeGreaterThan(5 * 40)
  expect(report.unreadable).toEqual([
    { path: spoiled?.path, messageId: String(spoiled?.messageId), code: 'PICTURE_DAMAGED' },
  ])
})

it('reports every planted fault of the exporter at its offset', () => {
  const offsets = new Set(report.repairs.map(({ offset }) => offset))
  for (const { kind, offset } of planted.truth.faults) {
    if (kind === 'ctrl') expect(offsets).toContain(offset)
    // The escape is whole; the two bytes after its six are astray.
    if (kind === 'ls') expect(offsets).toContain((offset ?? 0) + 6)
  }
  expect(report.repairCount).toBe(report.repairs.length)
})

it('can be checked: manifest, digests of the export, and every message cut out by its range', () => {
  checkDigests(out, 'manifest-sha256.txt')
  checkDigests(planted.exportPath, join(out, 'export-sha256.txt'))
  const listed = readFileSync(join(out, 'export-sha256.txt'), 'utf8').trimEnd().split('\n')
  expect(listed).toHaveLength(report.export.filesRead)
  expect(sha256sum(`cat ${join(out, 'export-sha256.txt')}`)).toBe(report.export.sha256)
  for (const { raw, messageId } of report.matches) {
    const cut = `tail -c +${raw.start + 1} '${raw.file}' | head -c ${raw.end - raw.start}`
    expect(sha256sum(cut)).toBe(raw.sha256)
    expect(JSON.parse(shell(cut))).toMatchObject({ id: Number(messageId) })
  }
  expect(() => checkDigests(out, join(out, 'export-sha256.txt'))).toThrow()
})

function shell(command: string): string {
  return execFileSync('sh', ['-c', command], { cwd: planted.exportPath, encoding: 'utf8' })
}

function sha256sum(command: string): string {
  return shell(`${command} | sha256sum`).slice(0, 64)
}

it('shows identifiers only masked, in whatever spelling', () => {
  const identifiers = planted.truth.identifiers.filter(({ isReal }) => isReal)
  expect(new Set(identifiers.map(({ kind }) => kind))).toEqual(
    new Set(['phone', 'handle', 'email', 'url', 'invite']),
  )
  const shown = [readFileSync(join(out, 'report.json'), 'utf8'), html, ran.stdout, ran.stderr].map((text) =>
    text.normalize('NFKC'),
  )
  for (const { kind, value } of identifiers) {
    for (const text of shown) for (const form of unmasked(kind, value)) expect(text).not.toMatch(form)
  }
  expect(report.identifiers.filter(({ kind }) => kind === 'phone').length).toBeGreaterThan(10)
})

/** A phone number's last nine digits with anything short between them; the local part, the name, the hash of others. */
function unmasked(kind: string, value: string): RegExp[] {
  if (kind === 'phone') return [new RegExp([...value.slice(-9)].join('[^0-9]{0,3}'))]
  if (kind === 'invite') return [new RegExp(value.replace(/^.*\+/, ''))]
  // As a whole: the place's own title may hold the word.
  return [new RegExp(value.replace(/[.+]/g, '\\$&'), 'i')]
}

it('makes a page that shows no picture, runs nothing and leads nowhere', () => {
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  expect(html).not.toMatch(/<(?:img|script|picture|video|iframe|object|embed|link|a|form|base)\b/i)
  expect(html).not.toMatch(/https?:|\burl\(|@import|\son\w+=|javascript:|data:/i)
  expect(html.indexOf('>P-1<')).toBeLessThan(html.indexOf('>P-2<'))
  expect(html.indexOf('>P-2<')).toBeLessThan(html.indexOf('>P-3<'))
})

it('holds no fingerprint of a registered or posted picture', () => {
  const bank = readFileSync(planted.bankPath, 'utf8')
  const prints = [...bank.matchAll(/"pdq":"([0-9a-f]{64})"/g)].map(([, pdq]) => pdq)
  expect(prints.length).toBeGreaterThanOrEqual(40)
  const shown = readFileSync(join(out, 'report.json'), 'utf8') + html + ran.stdout
  for (const pdq of prints) expect(shown).not.toContain(pdq)
})

it('gives the same matches when it is run again, printed as JSON too', async () => {
  const again = await saksi(['scan', planted.exportPath, '--bank', planted.bankPath, '--json'])
  expect(again.code).toBe(1)
  const { matches, counts, identifiers, export: facts, unreadable } = JSON.parse(again.stdout)
  expect({ matches, counts, identifiers, facts, unreadable }).toEqual({
    matches: report.matches,
    counts: report.counts,
    identifiers: report.identifiers,
    facts: report.export,
    unreadable: report.unreadable,
  })
})

it('does not match an entry once it is withdrawn', async () => {
  await saksi(['bank', 'withdraw', planted.bankPath, '--entry', 'P-1'])
  const { stdout } = await saksi(['scan', planted.exportPath, '--bank', planted.bankPath, '--json'])
  const after = JSON.parse(stdout)
  expect(after.matches).toEqual(report.matches.filter(({ entry }) => entry !== 'P-1'))
  expect(after.bank).toMatchObject({ entries: 4, withdrawn: 1 })
})
