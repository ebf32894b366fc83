import { runCli } from './run.ts'

await runCli(process.argv, new URL('./decode-worker.js', import.meta.url))
