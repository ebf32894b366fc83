import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sampleExhibit, sampleMessage, sealedBag, testId } from '#lib/bundle/testing.ts'
import iris from '#lib/bundle/vectors/case-iris.json' with { type: 'json' }
import shapes from '#lib/bundle/vectors/case-shapes.json' with { type: 'json' }
import { temporaryFolder } from '../run-saksi.ts'

interface Value {
  /** `uri` or `literal`. */
  kind: string
  value: string
  datatype: string | null
}
/** Subject, then property, then values; every name in the short form of the lists. */
type Graph = Map<string, Map<string, Value[]>>

interface Constraint {
  least?: number
  most?: number
  datatype?: string
  class?: string
}

const PREFIXES: Record<string, string> = {
  'case-investigation': 'https://ontology.caseontology.org/case/investigation/',
  'uco-action': 'https://ontology.unifiedcyberontology.org/uco/action/',
  'uco-core': 'https://ontology.unifiedcyberontology.org/uco/core/',
  'uco-identity': 'https://ontology.unifiedcyberontology.org/uco/identity/',
  'uco-observable': 'https://ontology.unifiedcyberontology.org/uco/observable/',
  'uco-tool': 'https://ontology.unifiedcyberontology.org/uco/tool/',
  'uco-types': 'https://ontology.unifiedcyberontology.org/uco/types/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
}
const TYPE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'
const folder = temporaryFolder()
let document: Record<string, unknown>
let graph: Graph

beforeAll(async () => {
  const { source } = sampleExhibit()
  const exhibits = [
    sampleExhibit({ message: sampleMessage() }),
    sampleExhibit({
      recordId: testId('b'),
      kind: 'document',
      state: 'missing',
      original: null,
      enclosed: null,
    }),
    sampleExhibit({ recordId: testId('c'), kind: 'screenshot', source: null, rawMessage: null }),
    sampleExhibit({
      recordId: testId('d'),
      source: source && {
        ...source,
        messageId: '118',
        sentAt: { utc: null, local: '15.01.26', precision: 'day' },
      },
    }),
  ]
  const { files } = await sealedBag({ exhibits })
  document = JSON.parse(Buffer.from(files.get('metadata/case.jsonld') ?? []).toString('utf8'))
  graph = read(document)
})
afterAll(folder.remove)

const PROGRAM = `import json, rdflib, socket, sys
def refuse(*a, **k): raise SystemExit('something was fetched')
socket.socket = refuse
g = rdflib.Graph()
g.parse(sys.argv[1], format='json-ld')
out = []
for s, p, o in g:
    literal = isinstance(o, rdflib.Literal)
    datatype = str(o.datatype or rdflib.XSD.string) if literal else None
    out.append([str(s), str(p), 'literal' if literal else 'uri', str(o), datatype])
    if literal and o.datatype is not None: assert o.value is not None and o.ill_typed is not True if hasattr(o, 'ill_typed') else o.value is not None, o
print(json.dumps(out))`

/** The triples that rdflib reads from the document, without a network. */
function read(jsonld: unknown): Graph {
  const path = join(folder.path, 'case.jsonld')
  writeFileSync(path, JSON.stringify(jsonld))
  const triples: string[][] = JSON.parse(
    execFileSync('/usr/bin/python3', ['-c', PROGRAM, path], { encoding: 'utf8', maxBuffer: 1 << 26 }),
  )
  const made: Graph = new Map()
  for (const [subject = '', property = '', kind = '', value = '', datatype = null] of triples) {
    const properties = made.get(subject) ?? new Map<string, Value[]>()
    const short = property === TYPE ? '@type' : shortened(property)
    const values = properties.get(short) ?? []
    values.push({
      kind,
      value: short === '@type' ? shortened(value) : value,
      datatype: datatype && shortened(datatype),
    })
    made.set(subject, properties.set(short, values))
  }
  return made
}

function shortened(iri: string): string {
  const [prefix, start] = Object.entries(PREFIXES).find(([, one]) => iri.startsWith(one)) ?? []
  return prefix === undefined || start === undefined ? iri : `${prefix}:${iri.slice(start.length)}`
}

const SHAPES: Record<string, Record<string, Constraint>> = shapes.shapes
const SUPER: Record<string, string> = shapes.subClassOf

/** A class and all above it. */
function lineage(type: string): string[] {
  const above = SUPER[type]
  return above === undefined ? [type] : [type, ...lineage(above)]
}

const classesOf = (all: Graph, subject: string): string[] => [
  ...new Set((all.get(subject)?.get('@type') ?? []).flatMap(({ value }) => lineage(value))),
]

/** What breaks a constraint, as `class property: why`; and every property that no shape of its node's classes knows. */
function violations(all: Graph): string[] {
  return [...all].flatMap(([subject, properties]) => {
    const classes = classesOf(all, subject)
    const known = new Map(classes.flatMap((type) => Object.entries(SHAPES[type] ?? {})))
    const strange = [...properties.keys()].filter((property) => property !== '@type' && !known.has(property))
    return [
      ...strange.map((property) => `${classes[0]} ${property}: not known of it`),
      ...[...known].flatMap(([property, constraint]) =>
        broken(all, properties.get(property) ?? [], constraint).map(
          (why) => `${classes[0]} ${property}: ${why}`,
        ),
      ),
    ]
  })
}

function broken(all: Graph, values: readonly Value[], constraint: Constraint): string[] {
  const { least = 0, most = Number.POSITIVE_INFINITY, datatype, class: type } = constraint
  return [
    ...(values.length < least ? ['too few'] : []),
    ...(values.length > most ? ['too many'] : []),
    ...values.flatMap((one) => {
      if (datatype !== undefined && (one.kind !== 'literal' || one.datatype !== datatype))
        return [`not ${datatype}`]
      return type !== undefined && !classesOf(all, one.value).includes(type) ? [`not ${type}`] : []
    }),
  ]
}

it('is read by rdflib without fetching anything, and keeps the constraints of the shapes', () => {
  expect(graph.size).toBeGreaterThan(30)
  expect(violations(graph)).toEqual([])
})

it('becomes full names of the ontologies, none left without a prefix', () => {
  const classes = new Set(
    [...graph.values()].flatMap((one) => (one.get('@type') ?? []).map(({ value }) => value)),
  )
  const properties = new Set([...graph.values()].flatMap((one) => [...one.keys()]))
  properties.delete('@type')
  expect([...classes].sort()).toEqual(iris.classes)
  expect([...properties].sort()).toEqual(iris.properties)
  for (const subject of graph.keys()) expect(subject).toMatch(/^urn:uuid:[0-9a-f-]{36}$/)
})

it('has a constraint for every property that a bundle may use', () => {
  const constrained = new Set(Object.values(SHAPES).flatMap((shape) => Object.keys(shape)))
  expect(iris.properties.filter((property) => !constrained.has(property))).toEqual([])
})

/** Mistakes of the kinds that validators of CASE find. */
const MISTAKES: Record<string, [(text: string) => string, string]> = {
  'an exhibit number that is a number': [
    (text) =>
      text.replace(/"case-investigation:exhibitNumber":"[^"]*"/, '"case-investigation:exhibitNumber":1'),
    'case-investigation:ProvenanceRecord case-investigation:exhibitNumber: not xsd:string',
  ],
  'a hash without its type': [
    (text) => text.replace(/\{"@type":"xsd:hexBinary","@value":("[0-9a-f]+")\}/, '$1'),
    'uco-types:Hash uco-types:hashValue: not xsd:hexBinary',
  ],
  'a relationship without a direction': [
    (text) => text.replace(',"uco-core:isDirectional":true', ''),
    'uco-observable:ObservableRelationship uco-core:isDirectional: too few',
  ],
  'a misspelt property': [
    (text) => text.replace('uco-observable:messageID', 'uco-observable:messageId'),
    'uco-observable:MessageFacet uco-observable:messageId: not known of it',
  ],
  'a message from a place': [
    (text) => text.replace('"@type":"uco-observable:ApplicationAccount"', '"@type":"uco-identity:Identity"'),
    'uco-observable:MessageFacet uco-observable:from: not uco-observable:ObservableObject',
  ],
  'a time that is text': [
    (text) =>
      text.replace(/("uco-observable:sentTime":)\{"@type":"xsd:dateTime","@value":("[^"]*")\}/, '$1$2'),
    'uco-observable:MessageFacet uco-observable:sentTime: not xsd:dateTime',
  ],
}

for (const [name, [change, found]] of Object.entries(MISTAKES)) {
  it(`notices ${name}`, () => {
    const text = JSON.stringify(document)
    const wrong = change(text)
    expect(wrong).not.toBe(text)
    expect(violations(read(JSON.parse(wrong)))).toContain(found)
  })
}
