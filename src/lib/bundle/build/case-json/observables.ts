import { exhibitNumber } from '../../format/paths.ts'
import { visibleText } from '../../format/visible-text.ts'
import type { Exhibit, ExhibitSource, NeutralMessage } from '../../model.ts'
import { dateTime, type Node, type NodeId, ref } from './node.ts'

/** Platform, account, place and message of an exhibit. Nodes of the same path are the same node. */
export function sourceNodes(
  id: NodeId,
  source: ExhibitSource,
  words: NeutralMessage | null,
): Map<string, Node> {
  const paths = sourcePaths(source)
  const nodes = new Map<string, Node>([
    [paths.platform, { '@type': 'uco-observable:Application', 'uco-core:name': source.platform }],
    [paths.place, threadNode(id, source)],
    [paths.message, messageNode(id, source, words)],
    [`${paths.message}/in`, relationship(id(paths.message), id(paths.place), 'Contained_Within')],
  ])
  if (paths.account !== null) nodes.set(paths.account, accountNode(id, source, paths.account, words))
  return nodes
}

export function sourcePaths(source: ExhibitSource): {
  platform: string
  place: string
  account: string | null
  message: string
} {
  const place = `place/${source.platform}/${source.placeId}`
  const message = source.messageId ?? `${source.raw?.file ?? ''}:${source.raw?.start ?? ''}`
  return {
    platform: `platform/${source.platform}`,
    place,
    account: source.authorId === null ? null : `account/${source.platform}/${source.authorId}`,
    message: `${place}/message/${message}`,
  }
}

/** The file of an exhibit; without a hash where nothing was captured. */
export function fileNode(id: NodeId, exhibit: Exhibit, number: string): Node {
  const path = `exhibit/${number}`
  const { original, kind } = exhibit
  const isPicture = kind === 'image' || kind === 'screenshot'
  return {
    '@type': isPicture ? ['uco-observable:File', 'uco-observable:RasterPicture'] : 'uco-observable:File',
    'uco-core:hasFacet': [
      {
        '@id': id(`${path}/file`),
        '@type': 'uco-observable:FileFacet',
        'uco-observable:fileName': visibleText(exhibit.originalName ?? number),
        ...sizeOf(original),
      },
      ...(original
        ? [
            {
              '@id': id(`${path}/content`),
              '@type': 'uco-observable:ContentDataFacet',
              ...(original.mime !== null && { 'uco-observable:mimeType': original.mime }),
              'uco-observable:isEncrypted': false,
              ...sizeOf(original),
              'uco-observable:hash': [
                {
                  '@id': id(`${path}/hash`),
                  '@type': 'uco-types:Hash',
                  'uco-types:hashMethod': 'SHA256',
                  'uco-types:hashValue': { '@type': 'xsd:hexBinary', '@value': original.sha256 },
                },
              ],
            },
          ]
        : []),
    ],
  }
}

function sizeOf(original: Exhibit['original']): Node {
  return original === null || original.sizeBytes === null
    ? {}
    : { 'uco-observable:sizeInBytes': original.sizeBytes }
}

export function relationship(
  source: string,
  target: string,
  kind: 'Attachment_Of' | 'Contained_Within',
): Node {
  return {
    '@type': 'uco-observable:ObservableRelationship',
    'uco-core:source': ref(source),
    'uco-core:target': ref(target),
    'uco-core:kindOfRelationship': kind,
    'uco-core:isDirectional': true,
  }
}

/** Text, so that leading zeros stay: exhibit numbers are strings in CASE. */
export function exhibitLabel(bagName: string, index: number): string {
  return `${bagName}/${exhibitNumber(index)}`
}

function messageNode(id: NodeId, source: ExhibitSource, words: NeutralMessage | null): Node {
  const { message, platform, account } = sourcePaths(source)
  return {
    '@type': 'uco-observable:Message',
    ...(source.sentAt.utc === null &&
      source.sentAt.local !== null && {
        'uco-core:description': `Sent, as written: ${visibleText(source.sentAt.local)}`,
      }),
    'uco-core:hasFacet': [
      {
        '@id': id(`${message}/facet`),
        '@type': 'uco-observable:MessageFacet',
        'uco-observable:application': ref(id(platform)),
        ...(account !== null && { 'uco-observable:from': ref(id(account)) }),
        ...(source.messageId !== null && { 'uco-observable:messageID': source.messageId }),
        'uco-observable:sessionID': source.placeId,
        ...(words && { 'uco-observable:messageText': visibleText(words.text) }),
        ...(source.sentAt.utc !== null && { 'uco-observable:sentTime': dateTime(source.sentAt.utc) }),
      },
    ],
  }
}

function threadNode(id: NodeId, source: ExhibitSource): Node {
  const { place, account } = sourcePaths(source)
  return {
    '@type': 'uco-observable:MessageThread',
    'uco-core:name': source.placeId,
    'uco-core:hasFacet': [
      {
        '@id': id(`${place}/facet`),
        '@type': 'uco-observable:MessageThreadFacet',
        ...(account !== null && { 'uco-observable:participant': [ref(id(account))] }),
      },
    ],
  }
}

function accountNode(
  id: NodeId,
  { authorId, platform }: ExhibitSource,
  path: string,
  words: NeutralMessage | null,
): Node {
  return {
    '@type': 'uco-observable:ApplicationAccount',
    'uco-core:hasFacet': [
      {
        '@id': id(`${path}/facet`),
        '@type': 'uco-observable:AccountFacet',
        'uco-observable:accountIdentifier': authorId ?? '',
      },
      ...(words?.authorName
        ? [
            {
              '@id': id(`${path}/shown`),
              '@type': 'uco-observable:DigitalAccountFacet',
              'uco-observable:displayName': visibleText(words.authorName),
            },
          ]
        : []),
      {
        '@id': id(`${path}/application`),
        '@type': 'uco-observable:ApplicationAccountFacet',
        'uco-observable:application': ref(id(`platform/${platform}`)),
      },
    ],
  }
}
