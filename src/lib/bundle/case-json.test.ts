import { expect, it } from 'vitest'
import { caseJson } from './build/case-json/index.ts'
import type { Json, Node } from './build/case-json/node.ts'
import type { Exhibit } from './model.ts'
import { sampleExhibit, sampleInput, sampleMessage, testId } from './testing.ts'
import iris from './vectors/case-iris.json' with { type: 'json' }

const pictures: Exhibit[] = [
  sampleExhibit({ message: sampleMessage() }),
  sampleExhibit({
    recordId: testId('b'),
    kind: 'document',
    state: 'missing',
    original: null,
    enclosed: null,
  }),
  sampleExhibit({ recordId: testId('c'), kind: 'screenshot', source: null }),
]
const unknownTime = sampleExhibit({ recordId: testId('d') })
const exhibits = [
  ...pictures,
  {
    ...unknownTime,
    source: unknownTime.source && {
      ...unknownTime.source,
      messageId: '118',
      sentAt: { utc: null, local: '15.01.26, 18:59', precision: 'min' as const },
    },
  },
]

function visit(value: Json, seen: (node: Node) => void): void {
  if (Array.isArray(value)) for (const one of value) visit(one, seen)
  else if (typeof value === 'object') {
    seen(value)
    for (const one of Object.values(value)) visit(one, seen)
  }
}

function graphOf(document: Node): Node[] {
  const graph = document['@graph']
  return Array.isArray(graph)
    ? graph.filter((one): one is Node => typeof one === 'object' && !Array.isArray(one))
    : []
}

it('uses only terms of CASE/UCO 1.4.0, and every one of the list', () => {
  const used = { classes: new Set<string>(), properties: new Set<string>(), datatypes: new Set<string>() }
  visit(graphOf(caseJson(sampleInput({ exhibits }))), (node) => {
    const types = [node['@type'] ?? []].flat().filter((type) => typeof type === 'string')
    const isLiteral = '@value' in node
    for (const type of types) (isLiteral ? used.datatypes : used.classes).add(type)
    for (const key of Object.keys(node)) if (!key.startsWith('@')) used.properties.add(key)
  })
  expect([...used.classes].sort()).toEqual(iris.classes)
  expect([...used.properties].sort()).toEqual(iris.properties)
  expect([...used.datatypes].sort()).toEqual(iris.datatypes)
})

it('gives every node an id of its own, and points at nothing that is not there', () => {
  const document = caseJson(sampleInput({ exhibits }))
  const defined: string[] = []
  const pointed = new Set<string>()
  visit(graphOf(document), (node) => {
    const id = node['@id']
    if (typeof id !== 'string') return
    if (Object.keys(node).length === 1) pointed.add(id)
    else defined.push(id)
  })
  expect(new Set(defined).size).toBe(defined.length)
  expect([...pointed].filter((id) => !defined.includes(id))).toEqual([])
  for (const id of defined)
    expect(id).toMatch(/^kb:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

it('names exhibits in text, digests what was captured only, and guesses no time', () => {
  const graph = graphOf(caseJson(sampleInput({ exhibits })))
  const records = graph.filter((node) => node['@type'] === 'case-investigation:ProvenanceRecord')
  expect(records.map((node) => node['case-investigation:exhibitNumber'])).toEqual([
    'TEST-0001-H1/E0001',
    'TEST-0001-H1/E0002',
    'TEST-0001-H1/E0003',
    'TEST-0001-H1/E0004',
  ])
  let hashes = 0
  visit(graph, (node) => {
    if (node['@type'] === 'uco-types:Hash') hashes++
  })
  expect(hashes).toBe(3)
  const messages = graph.filter((node) => node['@type'] === 'uco-observable:Message')
  expect(messages.length).toBe(2)
  expect(messages.filter((node) => 'uco-core:description' in node).length).toBe(1)
})

it('is read without fetching anything, and is the same for the same bundle', () => {
  const document = caseJson(sampleInput({ exhibits }))
  expect(typeof document['@context']).toBe('object')
  expect(JSON.stringify(caseJson(sampleInput({ exhibits })))).toBe(JSON.stringify(document))
  expect(JSON.stringify(caseJson(sampleInput({ exhibits, bagName: 'TEST-0002-H1' })))).not.toContain(
    String(graphOf(document)[0]?.['@id']),
  )
})
