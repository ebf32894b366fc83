/** A report as content, without a look: HTML and PDF are made from the same. Text is plain and may be hostile. */
export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'note'; text: string }
  | { kind: 'list'; items: readonly string[] }
  | { kind: 'code'; lines: readonly string[] }
  | { kind: 'facts'; rows: readonly (readonly [string, string])[] }
  | { kind: 'table'; headings: readonly string[]; rows: readonly (readonly string[])[] }

export interface Section {
  heading: string
  blocks: readonly Block[]
}

export interface ReportDocument {
  /** BCP 47 tag of its language. */
  language: string
  title: string
  subtitle: string
  builtAt: string
  /** The word for an empty table. */
  none: string
  sections: readonly Section[]
}

export const text = (content: string): Block => ({ kind: 'text', text: content })
export const note = (content: string): Block => ({ kind: 'note', text: content })
export const list = (items: readonly string[]): Block => ({ kind: 'list', items })
export const code = (lines: readonly string[]): Block => ({ kind: 'code', lines })
