/** Tokens and layout of the report: calm on a screen, light or dark, and plain on paper. Spec: how Saksi looks. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #14242b; --paper: #fbf8f3; --surface: #fff; --line: #d9d3c7; --teal: #0b5d5a; --soft: #e3f0ee; --shade: #b9dcd8; --amber: #6d4700; --amber-soft: #fff4dc; --quiet: #45565d; --script: ; }
:root:lang(ta) { --script: "Nirmala UI", "Tamil Sangam MN", "Noto Sans Tamil",; }
:root:lang(zh) { --script: "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC",; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef2f1; --paper: #10191d; --surface: #18242a; --line: #3a4a51; --teal: #7ccbc4; --soft: #1c3337; --shade: #2b5a5a; --amber: #f2cf8a; --amber-soft: #33291a; --quiet: #b5c3c6; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", var(--script) sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 72rem; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 1.25rem; margin: 40px 0 8px; }
h3 { font-size: 1.05rem; margin: 24px 0 8px; }
p, li { max-width: 66ch; }
.lead { font-size: 1.2rem; margin: 16px 0 8px; }
.quiet { color: var(--quiet); }
.note { background: var(--amber-soft); color: var(--amber); border: 1px solid currentColor; border-radius: 10px; padding: 8px 16px; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); }
.scroll:focus-visible { outline: 3px solid var(--teal); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 8px 12px; border-bottom: 1px solid var(--line); }
tbody tr:last-child td { border-bottom: 0; }
th { font-weight: 600; color: var(--quiet); }
code, .id { font-family: ui-monospace, Menlo, Consolas, "Noto Sans Mono", monospace; font-size: 0.9em; overflow-wrap: anywhere; }
.key { display: inline-block; min-width: 13ch; }
.nowrap { white-space: nowrap; }
.mark { font: 0.75em ui-monospace, monospace; border: 1px solid currentColor; border-radius: 4px; padding: 0 3px; }
.copy { display: flex; gap: 12px; align-items: flex-start; min-width: 18rem; }
.copy p { margin: 0 0 2px; }
.how { font-weight: 600; }
.likely { border: 2px dashed var(--amber); border-radius: 10px; background: var(--amber-soft); color: var(--amber); padding: 4px 10px; }
.copy .likely { margin-bottom: 6px; }
.likely strong { display: block; }
.drawing { flex: none; }
.drawing rect, .drawing path { stroke-width: 2; stroke-linejoin: round; fill: none; }
.drawing .frame { fill: var(--paper); }
.drawing .seen { stroke: var(--teal); fill: var(--shade); }
.drawing .edge { stroke: var(--ink); }
.drawing .cut { stroke: var(--teal); stroke-dasharray: 4 3; }
.drawing .axis, .drawing .was, .drawing .is { stroke: var(--ink); stroke-width: 1.5; }
.drawing .is { fill: var(--ink); }
ul.plain { list-style: none; padding: 0; margin: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 8px 0; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
:lang(ta) h1, :lang(ta) h2, :lang(ta) h3 { line-height: 1.4; }
:lang(zh) th { word-break: keep-all; }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  tr { display: block; padding: 8px 0; border-bottom: 1px solid var(--line); }
  tbody tr:last-child { border-bottom: 0; }
  td { display: block; border: 0; padding: 2px 12px; }
  td::before { content: attr(data-label) ": "; color: var(--quiet); }
  :lang(zh) td::before { content: attr(data-label) "："; }
  td:empty { display: none; }
  .copy { min-width: 0; margin-top: 4px; }
  dl { grid-template-columns: 1fr; } dd { margin-bottom: 8px; }
}
@media print {
  :root { --ink: #000; --paper: #fff; --surface: #fff; --line: #999; --quiet: #333; --amber: #000; --amber-soft: #fff; --teal: #000; --shade: #ccc; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  .copy { min-width: 0; gap: 6pt; } .drawing { width: 56px; height: 56px; }
  table { font-size: 8pt; } th, td { padding: 3px 5px; }
  .scroll { overflow: visible; border: 0; } tr, h2, h3 { break-inside: avoid; } h2, h3 { break-after: avoid; } thead { display: table-header-group; }
  @page { margin: 18mm; }
}
`
