import { sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { type BaseBlock, Constructed, ObjectIdentifier, OctetString, Sequence } from 'asn1js'
import type { SignedData } from 'pkijs'
import { equalBytes } from '../../bytes/index.ts'

const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12'
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47'

const DIGESTS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  '2.16.840.1.101.3.4.2.1': sha256,
  '2.16.840.1.101.3.4.2.2': sha384,
  '2.16.840.1.101.3.4.2.3': sha512,
}

/**
 * True when the signed attributes name the certificate by its digest (RFC 5035, RFC 3161 section 2.4.2): otherwise the
 * certificate could be exchanged for another one with the same key. `certificate` is DER.
 */
export function signerMatchesEss(signed: SignedData, certificate: Uint8Array): boolean {
  const attributes = signed.signerInfos[0]?.signedAttrs?.attributes ?? []
  return attributes.some(({ type, values }) => {
    if (type !== SIGNING_CERTIFICATE && type !== SIGNING_CERTIFICATE_V2) return false
    // SigningCertificate ::= SEQUENCE { certs SEQUENCE OF ESSCertID, ... }; the first one is the signer.
    const first = children(children(children(values[0])[0])[0])
    const digest = type === SIGNING_CERTIFICATE ? sha1 : digestOf(first[0])
    const hash = first.find((one) => one instanceof OctetString)
    if (!digest || !(hash instanceof OctetString)) return false
    return equalBytes(new Uint8Array(hash.valueBlock.valueHexView), digest(certificate))
  })
}

/** SHA-256 is the default and then left out. */
function digestOf(first: BaseBlock | undefined): ((bytes: Uint8Array) => Uint8Array) | undefined {
  if (!(first instanceof Sequence)) return sha256
  const [algorithm] = children(first)
  return algorithm instanceof ObjectIdentifier ? DIGESTS[algorithm.valueBlock.toString()] : undefined
}

function children(block: unknown): BaseBlock[] {
  return block instanceof Constructed ? block.valueBlock.value : []
}
