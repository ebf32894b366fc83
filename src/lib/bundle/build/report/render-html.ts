import { visibleText } from '../../format/visible-text.ts'
import type { Block, ReportDocument, Section } from './document.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:24px 16px}
h1{font-size:1.6rem;margin:0}h2{font-size:1.2rem;margin:2rem 0 .5rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:4px 8px;border-bottom:1px solid #8886;overflow-wrap:anywhere}
th[scope=row]{width:14rem;font-weight:600;overflow-wrap:break-word}pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #8886;padding:8px}
.note{border-left:4px solid #b26a00;padding:4px 12px;font-weight:600}table.facts{margin:0 0 1rem;border-top:2px solid #8886}
@media(max-width:40rem){th[scope=row]{width:7rem}}
@media print{body{max-width:none}tr{break-inside:avoid}}`

/** The report as one page without scripts, pictures, links or anything that is fetched. */
export function renderHtml(report: ReportDocument): string {
  return `<!doctype html>
<html lang="${escapeHtml(report.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(report.title)}</title>
<style>${STYLE}</style>
</head>
<body><main>
<h1>${escapeHtml(report.title)}</h1>
<p>${escapeHtml(report.subtitle)}</p>
${report.sections.map((one) => section(one, report.none)).join('\n')}
</main></body></html>
`
}

function section({ heading, blocks }: Section, none: string): string {
  return `<h2>${escapeHtml(heading)}</h2>\n${blocks.map((one) => block(one, none)).join('\n')}`
}

function block(one: Block, none: string): string {
  switch (one.kind) {
    case 'text':
      return `<p>${escapeHtml(one.text)}</p>`
    case 'note':
      return `<p class="note">${escapeHtml(one.text)}</p>`
    case 'list':
      return `<ul>${one.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`
    case 'code':
      return `<pre>${one.lines.map(escapeHtml).join('\n')}</pre>`
    case 'facts':
      return `<table class="facts"><tbody>${one.rows.map(([label, value]) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${isolated(value)}</td></tr>`).join('')}</tbody></table>`
    case 'table':
      return one.rows.length === 0 ? `<p>${escapeHtml(none)}</p>` : table(one.headings, one.rows)
  }
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = headings.map((heading) => `<th scope="col">${escapeHtml(heading)}</th>`).join('')
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${isolated(cell)}</td>`).join('')}</tr>`)
    .join('\n')
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`
}

/** Digests, numbers and names: no sign that HTML or a reader could take for another. */
const NEEDS_NOTHING = /^[A-Za-z0-9 ._:/+-]*$/

/** A name in a right-to-left script must not reorder the words around it. */
function isolated(content: string): string {
  return `<bdi>${escapeHtml(content)}</bdi>`
}

function escapeHtml(content: string): string {
  if (NEEDS_NOTHING.test(content)) return content
  return visibleText(content).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
