import { exhibitNumber } from '../../format/paths.ts'
import type { BundleInput } from '../../model.ts'
import { CONTEXT, dateTime, type Node, type NodeId, nodeIds, ref } from './node.ts'
import { exhibitLabel, fileNode, relationship, sourceNodes, sourcePaths } from './observables.ts'

/**
 * The bundle as CASE/UCO 1.4.0 JSON-LD: one graph, the context inline, so that nothing is fetched to read it. Classes and
 * properties are those of the ontologies' release; a test holds every one against a fixed list.
 */
export function caseJson(input: BundleInput): Node {
  const id = nodeIds(input.bagName)
  const nodes = new Map<string, Node>([
    ...actorNodes(input),
    ...exhibitNodes(id, input),
    ...caseNodes(id, input),
  ])
  return { '@context': CONTEXT, '@graph': [...nodes].map(([path, node]) => ({ '@id': id(path), ...node })) }
}

function actorNodes({ organisation, version, exhibits }: BundleInput): [string, Node][] {
  const witnesses = new Set(exhibits.map(({ capturedBy }) => capturedBy))
  return [
    ['organisation', { '@type': 'uco-identity:Organization', 'uco-core:name': organisation.name }],
    [
      'tool/saksi',
      {
        '@type': 'uco-tool:Tool',
        'uco-core:name': 'Saksi',
        'uco-tool:toolType': 'Evidence preservation',
        'uco-tool:version': version,
      },
    ],
    ...[...witnesses].map((name): [string, Node] => [
      `witness/${name}`,
      { '@type': 'uco-identity:Identity', 'uco-core:name': name },
    ]),
  ]
}

function exhibitNodes(id: NodeId, { exhibits, bagName }: BundleInput): [string, Node][] {
  const sources = new Map<string, Node>()
  const files = exhibits.flatMap((exhibit, i): [string, Node][] => {
    const number = exhibitNumber(i)
    const path = `exhibit/${number}`
    const record: [string, Node] = [
      `${path}/record`,
      {
        '@type': 'case-investigation:ProvenanceRecord',
        'case-investigation:exhibitNumber': exhibitLabel(bagName, i),
        'case-investigation:rootExhibitNumber': exhibitLabel(bagName, i),
        'uco-core:object': [ref(id(path))],
      },
    ]
    const file: [string, Node] = [path, fileNode(id, exhibit, number)]
    if (exhibit.source === null) return [file, record]
    for (const [at, node] of sourceNodes(id, exhibit.source, exhibit.message))
      sources.set(at, sources.get(at) ?? node)
    const { message } = sourcePaths(exhibit.source)
    return [file, [`${path}/of`, relationship(id(path), id(message), 'Attachment_Of')], record]
  })
  return [...sources, ...files]
}

/** Intake, sealing and hand-over, each informed by the one before it, and the case they belong to. */
function caseNodes(id: NodeId, input: BundleInput): [string, Node][] {
  const records = input.exhibits.map((_, i) => ref(id(`exhibit/${exhibitNumber(i)}/record`)))
  const intakes = input.collections.map(({ id: collection, readAt }): [string, Node] => [
    `action/intake/${collection}`,
    {
      '@type': 'case-investigation:InvestigativeAction',
      'uco-core:name': `Intake of capture ${collection}`,
      'uco-action:performer': ref(id('organisation')),
      'uco-action:instrument': [ref(id('tool/saksi'))],
      'uco-action:endTime': dateTime(readAt),
      'uco-action:result': records,
    },
  ])
  const sealing: [string, Node] = [
    'action/sealing',
    {
      '@type': 'case-investigation:InvestigativeAction',
      'uco-core:name': 'Sealing',
      'uco-action:performer': ref(id('organisation')),
      'uco-action:instrument': [ref(id('tool/saksi'))],
      'uco-action:object': records,
      'uco-action:endTime': dateTime(input.builtAt),
      ...(intakes.length > 0 && {
        'case-investigation:wasInformedBy': intakes.map(([path]) => ref(id(path))),
      }),
    },
  ]
  const handOver: [string, Node] = [
    'action/hand-over',
    {
      '@type': 'case-investigation:InvestigativeAction',
      'uco-core:name': 'Hand-over',
      'uco-action:performer': ref(id('organisation')),
      'uco-action:object': records,
      'case-investigation:wasInformedBy': ref(id('action/sealing')),
    },
  ]
  const investigation: Node = {
    '@type': 'case-investigation:Investigation',
    'uco-core:name': input.bagName,
    'case-investigation:focus': 'Intimate pictures or personal data passed round without consent',
    'case-investigation:investigationForm': 'incident',
    'uco-core:object': [...records, ...[...intakes, sealing, handOver].map(([path]) => ref(id(path)))],
  }
  return [...intakes, sealing, handOver, ['investigation', investigation]]
}
