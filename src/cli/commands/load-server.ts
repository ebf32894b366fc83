import type { ServerProgram } from '#contract/program.ts'
import { AppError } from '#lib/errors/index.ts'
import type { CliContext } from '../context.ts'

/** The built server, which lies beside this program. Commands do not import it: it is loaded when it is wanted. */
export async function loadServer({ decodeWorkerUrl }: CliContext): Promise<ServerProgram> {
  const url = new URL('./server.js', decodeWorkerUrl)
  try {
    const loaded: { program: ServerProgram } = await import(/* @vite-ignore */ url.href)
    return loaded.program
  } catch (cause) {
    throw new AppError('SERVER_NOT_BUILT', 'The server is not built. Build it with: npm run build', { cause })
  }
}
