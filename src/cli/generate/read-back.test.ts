import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSourceTree } from '#cli/source/index.ts'
import { extractIdentifiers, type Identifier, openChat, type StreamHash } from '#lib/chat/index.ts'
import { generateExport } from './index.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const NOW_MS = Date.UTC(2027, 0, 1)

function sha256(): StreamHash {
  const hash = createHash('sha256')
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') }
}

async function generateAndRead() {
  const { dir, truth } = await generateExport({
    dir: join(await temporaryFolder(), 'export'),
    seed: 'read back',
    messages: 2000,
    pictures: 30,
    pictureSize: { longSide: 64, shortSide: 48 },
    identifiers: 90,
    faults: { ctrl: 3, ls: 3, missing: 4, 'not-included': 2 },
  })
  const tree = await openSourceTree(dir)
  const found = new Map<number, Identifier[]>()
  try {
    const reader = await openChat(tree, { sha256, nowMs: NOW_MS })
    for await (const batch of reader.batches()) {
      for (const message of batch) found.set(Number(message.id), extractIdentifiers(message))
    }
    return { truth, found, summary: reader.summary() }
  } finally {
    await tree.close()
  }
}

describe('a generated export, read back by the chat reader', () => {
  it('has the counts, states and repairs that the truth states', async () => {
    const { truth, summary } = await generateAndRead()
    const { messages, service, edited, forwarded } = truth.counts
    expect(summary.counts).toMatchObject({
      messages,
      service,
      edited,
      forwarded,
      attachments: truth.attachments,
    })
    expect(summary.warnings).toEqual([])
    expect(summary.gapCount).toBe(0)
    const repaired = summary.repairs.map(({ offset }) => offset)
    for (const { kind, offset } of truth.faults) {
      if (offset !== null) expect(repaired).toContain(kind === 'ls' ? offset + 6 : offset)
    }
  })

  it('gives up every planted identifier where it stands, and nothing else', async () => {
    const { truth, found } = await generateAndRead()
    for (const planted of truth.identifiers) {
      const here = (found.get(planted.messageId) ?? []).filter(
        ({ start, end }) => start < planted.end && end > planted.start,
      )
      expect([planted.spelling, here.length > 0]).toEqual([planted.spelling, planted.isReal])
      if (planted.kind === 'phone') expect(here.map(({ value }) => value)).toContain(planted.value)
    }
    const plantedIds = new Set(truth.identifiers.map(({ messageId }) => messageId))
    const elsewhere = [...found].filter(([id, identifiers]) => identifiers.length > 0 && !plantedIds.has(id))
    expect(elsewhere).toEqual([])
  })
})
