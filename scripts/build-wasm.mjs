// Builds the WASM kernels from AssemblyScript into TypeScript modules that carry them as base64.
//
//   node scripts/build-wasm.mjs           write the modules
//   node scripts/build-wasm.mjs --check   build again and compare byte for byte; exit 1 on a difference

import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import asc from 'assemblyscript/asc'

const ROOT = new URL('..', import.meta.url)

/**
 * `pages`: the memory of the kernel, at first and at most, in units of 64 KiB. `memory`: the kernel's own unless it is
 * `imported`, or `shared` between threads. `limitBytes`: the largest module that is accepted.
 */
const KERNELS = [
  {
    source: 'src/lib/phash/assembly/kernel.ts',
    target: 'src/lib/phash/kernel.wasm.ts',
    pages: [36, 36],
    limitBytes: 12_000,
  },
  {
    source: 'src/lib/phash/assembly/windows.ts',
    target: 'src/lib/phash/windows/kernel.wasm.ts',
    pages: [1, 640],
    limitBytes: 8_000,
  },
  ...['imported', 'shared'].map((memory) => ({
    source: 'src/lib/radius/assembly/kernel.ts',
    target: `src/lib/radius/kernel${memory === 'shared' ? '-shared' : ''}.wasm.ts`,
    pages: [1, 65_536],
    memory,
    limitBytes: 4_000,
  })),
]

const MEMORY_FLAGS = {
  imported: ['--importMemory'],
  shared: ['--importMemory', '--enable', 'threads', '--sharedMemory'],
}

/** The text of a file beside the source, or null: the compiler asks for several places that an import may mean. */
async function readBeside(source, name) {
  try {
    return await readFile(new URL(name, new URL(source, ROOT)), 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

async function compile({ source, pages, memory, limitBytes }) {
  const files = new Map()
  const { error, stderr } = await asc.main(
    [
      basename(source),
      '--outFile',
      'kernel.wasm',
      '--optimizeLevel',
      '3',
      '--shrinkLevel',
      '1',
      '--converge',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--initialMemory',
      String(pages[0]),
      '--maximumMemory',
      String(pages[1]),
      ...(MEMORY_FLAGS[memory] ?? []),
    ],
    {
      readFile: (name) => readBeside(source, name),
      writeFile: (name, contents) => files.set(name, contents),
      listFiles: () => [],
    },
  )
  if (error) throw new Error(`${source} does not compile\n${stderr.toString()}`)
  const wasm = files.get('kernel.wasm')
  if (wasm.length > limitBytes)
    throw new Error(`${source} gives ${wasm.length} bytes, the limit is ${limitBytes}`)
  return wasm
}

function moduleOf({ source }, wasm) {
  return [
    `// Built from ${source} by \`node scripts/build-wasm.mjs\`; do not edit.`,
    '',
    `/** The kernel as base64 of a WebAssembly module of ${wasm.length} bytes. */`,
    'export const WASM_BASE64 =',
    `  '${Buffer.from(wasm).toString('base64')}'`,
    '',
  ].join('\n')
}

const isCheck = process.argv.includes('--check')
for (const kernel of KERNELS) {
  const wasm = await compile(kernel)
  const built = moduleOf(kernel, wasm)
  const target = new URL(kernel.target, ROOT)
  if (!isCheck) {
    await writeFile(target, built)
    console.log(`${kernel.target}: ${wasm.length} bytes of WebAssembly`)
    continue
  }
  const committed = await readFile(target, 'utf8').catch(() => '')
  const isSame = committed === built
  console.log(
    `${kernel.target}: ${isSame ? 'is what its source gives' : 'differs from its source; run node scripts/build-wasm.mjs'}`,
  )
  if (!isSame) process.exitCode = 1
}
