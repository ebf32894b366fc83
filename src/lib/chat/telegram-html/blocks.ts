import type { Element } from './element.ts'
import type { OpenTag, TokenHandler } from './tokens.ts'

/** A message or the header of a page, cut out of it. `root` is null when it passed a limit; the range is known still. */
export interface Block {
  kind: 'message' | 'header'
  root: Element | null
  fault: 'too-large' | 'nesting' | 'truncated' | null
  start: number
  /** Where its opening tag ends. */
  openEnd: number
  end: number
}

export const LONGEST_BLOCK_BYTES = 4 * 1024 * 1024
const MOST_NODES = 50_000
const DEEPEST = 64

const VOID_TAGS: ReadonlySet<string> = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
])
/** What a browser does not show as text. */
const HIDDEN_TAGS: ReadonlySet<string> = new Set(['script', 'style', 'noscript', 'template', 'iframe'])

/**
 * Collects the blocks of a page from its tokens. A block ends with its tag, or where the next message begins; what lies
 * between blocks is structure. One block is held at a time: at most 4 MiB, 50 000 nodes and 64 levels.
 */
export class BlockReader implements TokenHandler {
  readonly #done: Block[] = []
  #block: Block | null = null
  #stack: Element[] = []
  #nodes = 0

  /** Takes the blocks that are complete. */
  take(): Block[] {
    return this.#done.splice(0)
  }

  open(tag: OpenTag): void {
    const element = elementOf(tag)
    const kind = blockKind(element)
    if (kind) {
      this.#finish(tag.start)
      this.#block = { kind, root: element, fault: null, start: tag.start, openEnd: tag.end, end: tag.end }
      this.#stack = [element]
      this.#nodes = 1
      return
    }
    if (!this.#block || this.#stack.length === 0) return
    if (!this.#fits(tag.end)) return
    this.#stack.at(-1)?.children.push(element)
    if (VOID_TAGS.has(tag.name)) return
    if (this.#stack.length >= DEEPEST) this.#fail('nesting')
    else this.#stack.push(element)
  }

  close(name: string, end: number): void {
    const at = this.#stack.findLastIndex((element) => element.name === name)
    if (at < 0 || !this.#block) return
    this.#stack.length = at
    this.#block.end = end
    if (at === 0) this.#finish(end)
  }

  text(units: string): void {
    const parent = this.#stack.at(-1)
    if (!parent || !this.#block || HIDDEN_TAGS.has(parent.name)) return
    const last = parent.children.at(-1)
    this.#block.end += units.length
    if (!this.#fits(this.#block.end)) return
    if (typeof last === 'string') parent.children[parent.children.length - 1] = last + units
    else parent.children.push(units)
  }

  /** Ends the page: a block that is still open was cut off. */
  end(position: number): void {
    if (this.#block && !this.#block.fault) this.#fail('truncated')
    this.#finish(position)
  }

  #fits(end: number): boolean {
    if (!this.#block) return false
    if (++this.#nodes <= MOST_NODES && end - this.#block.start <= LONGEST_BLOCK_BYTES) return true
    this.#fail('too-large')
    return false
  }

  /** Drops the tree; the range goes on to the next message. */
  #fail(fault: NonNullable<Block['fault']>): void {
    if (!this.#block) return
    this.#block.root = null
    this.#block.fault = fault
    this.#stack = []
  }

  #finish(position: number): void {
    if (!this.#block) return
    this.#done.push({ ...this.#block, end: position })
    this.#block = null
    this.#stack = []
  }
}

function elementOf(tag: OpenTag): Element {
  const classes = new Set((tag.attributes.get('class') ?? '').split(/[ \t\r\n\f]+/))
  return { name: tag.name, classes, attributes: tag.attributes, children: [] }
}

function blockKind(element: Element): Block['kind'] | null {
  if (element.name !== 'div') return null
  if (element.classes.has('message') && element.attributes.get('id')?.startsWith('message')) return 'message'
  return element.classes.has('page_header') ? 'header' : null
}
