import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../../../bytes/index.ts'
import { utf8 } from '../../format/bytes.ts'

/** A node of the graph or a value in it, as JSON-LD. */
export type Json = string | number | boolean | Json[] | { [key: string]: Json }
export type Node = { [key: string]: Json }

/** Names nodes: the same bundle and path give the same id, so that builds are deterministic. */
export type NodeId = (path: string) => string

export function nodeIds(bagName: string): NodeId {
  // Each node is named again by those that refer to it.
  const known = new Map<string, string>()
  return (path) => {
    const id = known.get(path) ?? nodeId(bagName, path)
    known.set(path, id)
    return id
  }
}

function nodeId(bagName: string, path: string): string {
  const hex = bytesToHex(sha256(utf8(`${bagName}\n${path}`)))
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3)
  return `kb:${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export function ref(id: string): Node {
  return { '@id': id }
}

export function dateTime(utc: string): Node {
  return { '@type': 'xsd:dateTime', '@value': utc }
}

export const CONTEXT: Node = {
  kb: 'urn:uuid:',
  'case-investigation': 'https://ontology.caseontology.org/case/investigation/',
  'uco-action': 'https://ontology.unifiedcyberontology.org/uco/action/',
  'uco-core': 'https://ontology.unifiedcyberontology.org/uco/core/',
  'uco-identity': 'https://ontology.unifiedcyberontology.org/uco/identity/',
  'uco-observable': 'https://ontology.unifiedcyberontology.org/uco/observable/',
  'uco-tool': 'https://ontology.unifiedcyberontology.org/uco/tool/',
  'uco-types': 'https://ontology.unifiedcyberontology.org/uco/types/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
}
