import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { ReportDocument } from '#lib/bundle/index.ts'
import { renderReportPdf } from './report-pdf.ts'

const folder = mkdtempSync(join(tmpdir(), 'saksi-pdf-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const digests = Array.from({ length: 90 }, (_, i) => createHash('sha256').update(`${i}`).digest('hex'))
const report: ReportDocument = {
  title: 'Evidence bundle TEST-1',
  subtitle: 'made up',
  language: 'en',
  none: 'none',
  builtAt: '2026-01-20T09:00:00Z',
  sections: [
    {
      heading: 'Facts',
      blocks: digests.map((digest) => ({
        kind: 'facts' as const,
        rows: [
          ['SHA-256', digest],
          ['Name', 'a name'],
          ['Odd (\\)', 'br(ck)ts \\ caf\u00e9 \u2014 \u20ac'],
        ] as const,
      })),
    },
    {
      heading: 'Table',
      blocks: [
        { kind: 'table', headings: ['No.', 'Digest'], rows: digests.map((digest, i) => [String(i), digest]) },
      ],
    },
    {
      heading: 'Names',
      blocks: [
        { kind: 'text', text: 'caf\u00e9 \u202egpj \u5927 \u0ba4 \ud83d\ude00 \u0000' },
        { kind: 'list', items: ['x'.repeat(3000)] },
        { kind: 'code', lines: ['sh VERIFY.sh'] },
        { kind: 'note', text: 'n' },
        { kind: 'table', headings: ['a'], rows: [] },
      ],
    },
  ],
}

it('prints the same bytes each time, which other tools read', async () => {
  const pdf = await renderReportPdf(report)
  expect(Buffer.from(await renderReportPdf(report)).equals(pdf)).toBe(true)
  const path = join(folder, 'report.pdf')
  writeFileSync(path, pdf)
  execFileSync('qpdf', ['--check', path], { stdio: 'pipe' })
  expect(execFileSync('pdfimages', ['-list', path], { encoding: 'utf8' }).trim().split('\n').length).toBe(2)
})

it('keeps every digest whole on one line, over many pages', async () => {
  const path = join(folder, 'long.pdf')
  writeFileSync(path, await renderReportPdf(report))
  const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
  for (const digest of digests) expect(text.split(digest).length, digest).toBe(3)
  expect(text).toContain('br(ck)ts \\ caf\u00e9 \u2014 \u20ac')
  expect(text.split('Odd (\\)').length).toBe(91)
})

it('shows what the fonts lack and what cannot be seen by code points', async () => {
  const path = join(folder, 'names.pdf')
  writeFileSync(path, await renderReportPdf(report))
  const text = execFileSync('pdftotext', [path, '-'], { encoding: 'utf8' })
  expect(text).toContain('caf\u00e9 [U+202E]gpj [U+5927] [U+0BA4] [U+1F600] [U+0000]')
})
