import { decodeUnits } from './byte-text.ts'

/** Part of a page, as far as one message reaches. Strings are byte strings until they are asked for as text. */
export interface Element {
  name: string
  classes: ReadonlySet<string>
  attributes: ReadonlyMap<string, string>
  children: (Element | string)[]
}

export function isElement(node: Element | string): node is Element {
  return typeof node !== 'string'
}

/** An attribute as text; null when it is not there. */
export function attributeOf(element: Element, name: string): string | null {
  const units = element.attributes.get(name)
  return units === undefined ? null : decodeUnits(units).text
}

/** The first descendant with a class, in document order; `except` is not looked into. */
export function findByClass(element: Element, className: string, except?: string): Element | null {
  for (const child of element.children) {
    if (!isElement(child) || (except !== undefined && child.classes.has(except))) continue
    if (child.classes.has(className)) return child
    const found = findByClass(child, className, except)
    if (found) return found
  }
  return null
}

/** Every descendant with a class, in document order. */
export function allByClass(element: Element, className: string): Element[] {
  const found: Element[] = []
  visit(element, (child) => {
    if (child.classes.has(className)) found.push(child)
  })
  return found
}

/** Calls `act` for every descendant. Depth is bounded where elements are built. */
export function visit(element: Element, act: (child: Element) => void): void {
  for (const child of element.children) {
    if (!isElement(child)) continue
    act(child)
    visit(child, act)
  }
}

/** The text of an element on one line, without what `except` holds. */
export function lineOf(element: Element, except?: string): string {
  return decodeUnits(unitsOf(element, except))
    .text.replace(/[ \t\r\n]+/g, ' ')
    .trim()
}

function unitsOf(element: Element, except: string | undefined): string {
  let units = ''
  for (const child of element.children) {
    if (!isElement(child)) units += child
    else if (except === undefined || !child.classes.has(except)) units += unitsOf(child, except)
  }
  return units
}
