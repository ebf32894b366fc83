// How long one whole-picture fingerprint takes, and the windows of a picture:  npx tsx bench/fingerprint.bench.ts [--json]
// The peer is `reference32`, the unfused algorithm of the C++ reference in its own arithmetic, on the same machine. Figures
// of the C++ reference itself are those published for it on another machine: 4.5 ms for 512 x 512, 578 ms for 12 megapixels.
import { fingerprintWith, orientations, type PixelFormat, type Pixels } from '#lib/phash/index.ts'
import { medianMs, printReport, printTable } from './table.ts'
import { measureWindows, WINDOW_COLUMNS } from './windows-cost.ts'

const CPP_MS = { '512': 4.5, '12Mp': 578 }

function noise(width: number, height: number, format: PixelFormat): Pixels {
  const data = new Uint8Array(width * height * (format === 'luma8' ? 1 : 3))
  let state = 1
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    data[i] = state >>> 24
  }
  return { data, width, height, format }
}

const CASES = [
  {
    key: '512',
    label: '512 x 512 luma',
    pixels: noise(512, 512, 'luma8'),
    cppMs: CPP_MS['512'],
    rounds: 200,
    peerRounds: 15,
  },
  {
    key: '512Rgb',
    label: '512 x 512 rgb',
    pixels: noise(512, 512, 'rgb8'),
    cppMs: null,
    rounds: 200,
    peerRounds: 15,
  },
  {
    key: '12Mp',
    label: '4000 x 3000 luma',
    pixels: noise(4000, 3000, 'luma8'),
    cppMs: CPP_MS['12Mp'],
    rounds: 9,
    peerRounds: 3,
  },
  {
    key: '12MpRgb',
    label: '4000 x 3000 rgb',
    pixels: noise(4000, 3000, 'rgb8'),
    cppMs: null,
    rounds: 9,
    peerRounds: 3,
  },
]

const figures: Record<string, number> = {}
const rows = CASES.map(({ key, label, pixels, cppMs, rounds, peerRounds }) => {
  const reference = medianMs(() => fingerprintWith('reference32', pixels), peerRounds)
  const typescript = medianMs(() => fingerprintWith('typescript', pixels), rounds)
  const wasm = medianMs(() => fingerprintWith('wasm', pixels), rounds)
  const eight = medianMs(() => orientations(pixels), rounds)
  figures[`reference${key}Ms`] = reference
  figures[`typescript${key}Ms`] = typescript
  figures[`wasm${key}Ms`] = wasm
  figures[`orientations${key}Ms`] = eight
  const ratios = [reference / typescript, reference / wasm].map((ratio) => `${ratio.toFixed(0)} x`)
  return [
    label,
    ...[reference, typescript, wasm].map((ms) => ms.toFixed(3)),
    ...ratios,
    eight.toFixed(3),
    cppMs ?? '-',
  ]
})

const windows = await measureWindows()
Object.assign(figures, windows.figures)
printTable('Windows of one picture, median ms of processor time, without decoding', {
  columns: WINDOW_COLUMNS,
  rows: windows.rows,
})
printReport(
  'One fingerprint, median ms; ratios to the unfused reference algorithm',
  {
    columns: [
      'picture',
      'reference32',
      'typescript',
      'wasm',
      'ratio ts',
      'ratio wasm',
      'orientations',
      'C++ published',
    ],
    rows,
  },
  figures,
)
