import { lstat, mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '#lib/errors/index.ts'

const MARK = '.saksi-demo'

/** Makes the folder of a demo. One of an earlier demo is replaced; anything else is left alone: `OUTPUT_EXISTS`. */
export async function makeFolder(out: string): Promise<void> {
  if (await isThere(out)) {
    if (!(await isThere(join(out, MARK)))) {
      throw new AppError(
        'OUTPUT_EXISTS',
        `"${basename(out)}" exists and was not made by a demo. Choose another folder with --out.`,
      )
    }
    await rm(out, { recursive: true })
  }
  await mkdir(out, { recursive: true })
  await writeFile(join(out, MARK), 'Made by "saksi demo"; replaced when it runs again.\n')
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
