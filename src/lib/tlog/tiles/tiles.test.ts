import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToBase64 } from '../../bytes/index.ts'
import {
  consistencyProof,
  decodeEntries,
  encodeEntries,
  entryBundlePath,
  entryBundlesFor,
  growTree,
  inclusionProof,
  MAX_TREE_SIZE,
  parseTilePath,
  rootAt,
  rootOf,
  type Tile,
  tileHashReader,
  tilePath,
  tilesFor,
  verifyInclusion,
} from '../index.ts'
import { codeOf, numberedLeaves, referenceTree } from '../testing/reference.ts'

const paths = (size: number, oldSize?: number) => [...tilesFor(size, oldSize)].map(tilePath)

it('lists the tiles of a tree', () => {
  expect(paths(0)).toEqual([])
  expect(paths(1)).toEqual(['tile/0/000.p/1'])
  expect(paths(255)).toEqual(['tile/0/000.p/255'])
  expect(paths(256)).toEqual(['tile/0/000', 'tile/1/000.p/1'])
  expect(paths(257)).toEqual(['tile/0/000', 'tile/0/001.p/1', 'tile/1/000.p/1'])
  expect(paths(65535).slice(-3)).toEqual(['tile/0/254', 'tile/0/255.p/255', 'tile/1/000.p/255'])
  expect(paths(65536).slice(-3)).toEqual(['tile/0/255', 'tile/1/000', 'tile/2/000.p/1'])
  const large = paths(70000)
  expect(large.length).toBe(273 + 1 + 1 + 1 + 1)
  expect(large.slice(272)).toEqual([
    'tile/0/272',
    'tile/0/273.p/112',
    'tile/1/000',
    'tile/1/001.p/17',
    'tile/2/000.p/1',
  ])
})

it('lists only what growing adds', () => {
  expect(paths(300, 300)).toEqual([])
  expect(paths(300, 299)).toEqual(['tile/0/001.p/44'])
  expect(paths(512, 300)).toEqual(['tile/0/001', 'tile/1/000.p/2'])
  expect([...entryBundlesFor(600, 500)].map(entryBundlePath)).toEqual([
    'tile/entries/001',
    'tile/entries/002.p/88',
  ])
  expect([...entryBundlesFor(512, 512)]).toEqual([])
  expect([...entryBundlesFor(513, 512)].map(entryBundlePath)).toEqual(['tile/entries/002.p/1'])
})

it('lists the largest tree lazily', () => {
  const first = tilesFor(MAX_TREE_SIZE).next().value
  expect(first).toEqual({ level: 0, index: 0, width: 256 })
})

it('writes and reads the paths of tlog-tiles', () => {
  for (const [index, text] of [
    [0, '000'],
    [999, '999'],
    [1000, 'x001/000'],
    [1234067, 'x001/x234/067'],
    [1e9, 'x001/x000/x000/000'],
  ] as const) {
    const path = tilePath({ level: 3, index, width: 256 })
    expect(path).toBe(`tile/3/${text}`)
    expect(parseTilePath(path)).toEqual({ kind: 'tile', tile: { level: 3, index, width: 256 } })
    const bundle = entryBundlePath({ index, width: 7 })
    expect(bundle).toBe(`tile/entries/${text}.p/7`)
    expect(parseTilePath(bundle)).toEqual({ kind: 'entries', bundle: { index, width: 7 } })
  }
})

it('has exactly one path for a tile', async () => {
  for (const path of [
    '',
    'tile',
    '/tile/0/000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/00',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/0/001/000',
    'tile/0/x001/x000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000\n',
    'tile/0/000/',
    'tile/data/000',
    'tile/8/0/000',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/0/../000',
  ]) {
    expect(await codeOf(() => parseTilePath(path)), path).toBe('TILE_PATH')
  }
  expect(await codeOf(() => tilePath({ level: 64, index: 0, width: 256 }))).toBe('TILE_PATH')
  expect(await codeOf(() => tilePath({ level: 0, index: 0.5, width: 256 }))).toBe('TILE_PATH')
  expect(await codeOf(() => tilePath({ level: 0, index: 0, width: 0 }))).toBe('TILE_PATH')
})

it('grows a tree in steps to the same tiles and root as at once', async () => {
  const leaves = numberedLeaves(1100)
  const stored = new Map<string, Uint8Array>()
  let size = 0
  for (const next of [0, 1, 3, 255, 256, 257, 700, 1100]) {
    const grown = await growTree(size, leaves.slice(size, next), read)
    expect(grown.tiles.map(({ tile }) => tilePath(tile))).toEqual(paths(next, size))
    for (const { tile, bytes } of grown.tiles) stored.set(tilePath(tile), bytes)
    expect(bytesToBase64(grown.root)).toBe(bytesToBase64(rootOf(leaves.slice(0, next))))
    expect(await rootAt(next, tileHashReader(next, read))).toEqual(grown.root)
    size = grown.size
  }
  expect(size).toBe(1100)
  function read(tile: Tile): Uint8Array {
    return stored.get(tilePath(tile)) ?? new Uint8Array(0)
  }
})

it('reads a tile once for many proofs, and again only when it has needed many others since', async () => {
  const leaves = numberedLeaves(256 * 80 + 3)
  const { tiles, root, size } = await growTree(0, leaves, () => new Uint8Array(0))
  const stored = new Map(tiles.map(({ tile, bytes }) => [tilePath(tile), bytes]))
  const reads = new Map<string, number>()
  const readHashes = tileHashReader(size, (tile) => {
    reads.set(tilePath(tile), (reads.get(tilePath(tile)) ?? 0) + 1)
    return stored.get(tilePath(tile)) ?? new Uint8Array(0)
  })
  const prove = async (index: number): Promise<void> => {
    const proof = await inclusionProof(index, size, readHashes)
    verifyInclusion({ index, size, leafHash: leaves[index] ?? new Uint8Array(0), root, proof })
  }
  for (const index of [0, 255, 1, 17, 300, 0]) await prove(index)
  expect([...reads].sort()).toEqual([
    ['tile/0/000', 1],
    ['tile/0/001', 1],
    ['tile/0/080.p/3', 1],
    ['tile/1/000.p/80', 1],
  ])
  for (let bundle = 0; bundle < 80; bundle++) await prove(bundle * 256 + bundle)
  await prove(0)
  expect(reads.get('tile/0/000')).toBe(2)
  expect(reads.get('tile/1/000.p/80')).toBe(1)
})

it('proves from tiles what it proves from leaves, also where only the full tile is left', async () => {
  const leaves = numberedLeaves(700)
  const { tiles } = await growTree(0, leaves, () => new Uint8Array(0))
  const full = new Map(tiles.map(({ tile, bytes }) => [`${tile.level}/${tile.index}`, bytes]))
  const read = (tile: Tile) => full.get(`${tile.level}/${tile.index}`) ?? new Uint8Array(0)
  const reference = referenceTree(leaves)
  for (const size of [700, 600, 512, 300, 256]) {
    // The tiles of the larger tree serve the smaller one only where they are full.
    const readAt = (tile: Tile) => read(tile).subarray(0, tile.width * 32)
    const reader = tileHashReader(size, readAt)
    for (const index of [0, 1, 255, 256, size - 1].filter((i) => i < size)) {
      const proof = await inclusionProof(index, size, reader)
      expect(proof).toEqual(reference.inclusion(index, size))
      verifyInclusion({
        index,
        size,
        leafHash: leaves[index] ?? leaves[0] ?? proof[0] ?? new Uint8Array(32),
        root: reference.root(size),
        proof,
      })
    }
    for (const old of [1, 255, 256, 257, size - 1].filter((o) => o <= size)) {
      expect(await consistencyProof(old, size, reader)).toEqual(reference.consistency(old, size))
    }
  }
  expect(await rootAt(100, tileHashReader(100, read))).toEqual(reference.root(100))
})

it('reads each tile once for a proof', async () => {
  const leaves = numberedLeaves(700)
  const { tiles } = await growTree(0, leaves, () => new Uint8Array(0))
  const asked: string[] = []
  const reader = tileHashReader(700, (tile) => {
    asked.push(tilePath(tile))
    return (
      tiles.find(({ tile: { level, index } }) => level === tile.level && index === tile.index)?.bytes ??
      new Uint8Array(0)
    )
  })
  await inclusionProof(300, 700, reader)
  expect(asked.sort()).toEqual(['tile/0/001', 'tile/0/002.p/188', 'tile/1/000.p/2'])
})

it('refuses tiles of another length and subtrees that are not there', async () => {
  const reader = tileHashReader(300, () => new Uint8Array(43 * 32))
  expect(await codeOf(() => rootAt(300, reader))).toBe('TILE_MALFORMED')
  expect(await codeOf(() => reader([{ level: 0, index: 300 }]))).toBe('TREE_RANGE')
  expect(await codeOf(() => reader([{ level: 8, index: 1 }]))).toBe('TREE_RANGE')
  expect(await codeOf(() => growTree(3, numberedLeaves(1), () => new Uint8Array(0)))).toBe('TILE_MALFORMED')
})

it('reads back entry bundles', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 }), (entries) => {
      expect(decodeEntries(encodeEntries(entries), entries.length)).toEqual(entries)
    }),
    { numRuns: 50 },
  )
  expect(encodeEntries([new Uint8Array(258)]).slice(0, 2)).toEqual(new Uint8Array([1, 2]))
})

it('refuses entry bundles that are not exactly their entries', async () => {
  const bundle = encodeEntries([new Uint8Array(59), new Uint8Array(59)])
  expect(bundle.length).toBe(2 * 61)
  expect(decodeEntries(bundle, 2, { entryBytes: 59 }).length).toBe(2)
  const bad: [Uint8Array, number, number?][] = [
    [bundle, 1],
    [bundle, 3],
    [bundle.subarray(0, 121), 2],
    [bundle.subarray(0, 62), 2],
    [new Uint8Array(0), 1],
    [bundle, 2, 58],
  ]
  for (const [bytes, width, entryBytes] of bad) {
    expect(
      await codeOf(() => decodeEntries(bytes, width, entryBytes === undefined ? {} : { entryBytes })),
    ).toBe('TILE_MALFORMED')
  }
  expect(await codeOf(() => encodeEntries([]))).toBe('TILE_MALFORMED')
  expect(await codeOf(() => encodeEntries([new Uint8Array(65536)]))).toBe('TILE_MALFORMED')
  expect(await codeOf(() => encodeEntries(new Array<Uint8Array>(257).fill(new Uint8Array(1))))).toBe(
    'TILE_MALFORMED',
  )
})
