import type { ReadOptions, Source } from '../model.ts'
import { type MemoryTreeOptions, memoryTree, readAll, testReadOptions } from '../testing/index.ts'
import { readTelegramHtml } from './index.ts'

/** A page as Telegram Desktop writes it, indentation and all. */
export function page(...messages: string[]): string {
  return `<!DOCTYPE html>
<html>
 <head>
  <meta charset="utf-8"/>
  <title>Exported Data</title>
  <script src="js/script.js" type="text/javascript"></script>
 </head>
 <body onload="CheckLocation();">
  <div class="page_wrap">
   <div class="page_header">
    <div class="content">
     <div class="text bold">
Group &lt;one&gt;
     </div>
    </div>
   </div>
   <div class="page_body chat_page">
    <div class="history">
${messages.join('\n')}
    </div>
   </div>
  </div>
 </body>
</html>
`
}

interface Parts {
  id?: number | string
  title?: string
  from?: string | null
  body?: string
  classes?: string
}

export function message({
  id = 1,
  title = '15.01.2025 17:59:43 UTC+08:00',
  from = 'Ali',
  body = '',
  classes,
}: Parts): string {
  const name = from === null ? '' : `<div class="from_name">\n${from}\n       </div>`
  return `     <div class="message default clearfix${classes ?? (from === null ? ' joined' : '')}" id="message${id}">
      <div class="body">
       <div class="pull_right date details" title="${title}">
17:59
       </div>
       ${name}
       ${body}
      </div>
     </div>`
}

export const service = (id: number, text: string) =>
  `<div class="message service" id="message${id}"><div class="body details">\n${text}\n      </div></div>`
export const text = (html: string) => `<div class="text">\n${html}\n       </div>`

/** Test support: reads pages held in memory, in the order given. */
export async function read(
  pages: Record<string, string | Uint8Array>,
  over: Partial<ReadOptions> = {},
  files: Record<string, string> = {},
  treeOptions: MemoryTreeOptions = {},
) {
  const tree = memoryTree({ ...pages, ...files }, treeOptions)
  const sources: Source[] = []
  for (const path of Object.keys(pages)) {
    const source = await tree.open(path)
    if (source) sources.push(source)
  }
  return await readAll(readTelegramHtml(tree, sources, testReadOptions(over)))
}

export const readOne = (...messages: string[]) => read({ 'messages.html': page(...messages) })
export const codes = (result: Awaited<ReturnType<typeof read>>) =>
  result.summary.warnings.map((warning) => warning.code)
