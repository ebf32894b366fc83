import { rm } from 'node:fs/promises'
import type { Command } from 'commander'
import type { CliContext } from '../context.ts'
import { makeFolder } from '../demo/folder.ts'
import { playDemo } from '../demo/play.ts'

interface Options {
  seed: string
  out: string
}

const HELP = `
Nothing in it is real: the pictures are drawn scenes, the words invented, the phone numbers reserved for fiction. The
server listens on this machine only and is gone in the end.
The folder is made anew each time; it is only replaced when an earlier demo made it.`

export function addDemoCommand(program: Command, context: CliContext): void {
  program
    .command('demo')
    .summary('show the whole way on an invented group')
    .description(
      'Draws an invented chat group and its back-up group; six survivors, three witnesses and the members of two women’s groups go the whole way through a server of their own; says what was found, what was not, and why.',
    )
    .option('--seed <text>', 'what to derive everything from', 'demo')
    .option('--out <folder>', 'where the demo is made', 'saksi-demo')
    .addHelpText('after', HELP)
    .action((options: Options) => runDemo(context, options))
}

async function runDemo(context: CliContext, { seed, out }: Options): Promise<void> {
  await makeFolder(out)
  try {
    await playDemo(context, { seed, out })
  } catch (error) {
    await rm(out, { recursive: true, force: true })
    throw error
  }
}
