import { sha256 } from '@noble/hashes/sha2.js'
import { fromBER } from 'asn1js'
import { Certificate, ExtKeyUsage, SignedData, TimeStampResp, TSTInfo } from 'pkijs'
import { equalBytes } from '../../bytes/index.ts'
import { BundleError, type BundleErrorCode } from '../errors.ts'
import { certificatesOfPem } from '../format/pem.ts'
import { signerMatchesEss } from './ess-certificate.ts'

const MOST_BYTES = 64 * 1024
const SIGNED_DATA = '1.2.840.113549.1.7.2'
const TST_INFO = '1.2.840.113549.1.9.16.1.4'
const SHA256 = '2.16.840.1.101.3.4.2.1'
const EXTENDED_KEY_USAGE = '2.5.29.37'
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
/** The query is 69 bytes; its nonce is the eight before `certReq`. */
const QUERY_BYTES = 69

export interface TimeStampCheck {
  /** What was stamped. */
  data: Uint8Array
  query: Uint8Array
  /** The whole TimeStampResp, not the bare token. */
  reply: Uint8Array
  /** PEM: who is trusted, and what lies between. */
  roots: string
  chain: string
}

export interface TimeStamped {
  atMs: number
  policy: string
  /** The root the chain ends in, DER; and every certificate on the way, signer first. */
  path: readonly Uint8Array[]
}

/**
 * Checks a time stamp (RFC 3161 section 2.4.2): granted, over this data and this nonce, signed by a certificate made for
 * time stamping alone whose chain ends in one of `roots` at the time stamped. Throws `BundleError`: `TIMESTAMP_MALFORMED`,
 * `TIMESTAMP_REFUSED`, `TIMESTAMP_IMPRINT`, `TIMESTAMP_NONCE`, `TIMESTAMP_CERTIFICATE`, `TIMESTAMP_SIGNATURE`,
 * `TIMESTAMP_CHAIN`. Not checked: whether a certificate was revoked later.
 */
export async function verifyTimeStamp(check: TimeStampCheck): Promise<TimeStamped> {
  const { signed, info } = parse(check.reply)
  checkImprint(info, check)
  checkNonce(info, check.query)
  const signer = signerOf(signed)
  checkPurpose(signer)
  if (!signerMatchesEss(signed, new Uint8Array(signer.toSchema(false).toBER())))
    throw failed(
      'TIMESTAMP_CERTIFICATE',
      'The time stamp names another certificate than the one it was signed with.',
    )
  const path = await verifySignature(signed, check)
  return { atMs: info.genTime.getTime(), policy: info.policy, path }
}

function parse(reply: Uint8Array): { signed: SignedData; info: TSTInfo } {
  try {
    if (reply.length === 0 || reply.length > MOST_BYTES) throw malformed()
    const whole = fromBER(Uint8Array.from(reply).buffer)
    if (whole.offset !== reply.length) throw malformed()
    const response = new TimeStampResp({ schema: whole.result })
    const { status } = response.status
    if (status !== 0 && status !== 1)
      throw failed('TIMESTAMP_REFUSED', `The time-stamp authority refused (status ${String(status)}).`)
    const token = response.timeStampToken
    if (!token || token.contentType !== SIGNED_DATA) throw malformed()
    const signed = new SignedData({ schema: token.content })
    const content = signed.encapContentInfo.eContent
    if (signed.encapContentInfo.eContentType !== TST_INFO || !content) throw malformed()
    if (signed.signerInfos.length !== 1) throw malformed()
    return { signed, info: TSTInfo.fromBER(content.getValue()) }
  } catch (error) {
    throw error instanceof BundleError ? error : malformed(error)
  }
}

function checkImprint(info: TSTInfo, { data }: TimeStampCheck): void {
  const { hashAlgorithm, hashedMessage } = info.messageImprint
  const digest = new Uint8Array(hashedMessage.valueBlock.valueHexView)
  if (hashAlgorithm.algorithmId !== SHA256 || !equalBytes(digest, sha256(data)))
    throw failed('TIMESTAMP_IMPRINT', 'The time stamp is over something else.')
}

function checkNonce(info: TSTInfo, query: Uint8Array): void {
  const asked = query.slice(QUERY_BYTES - 11, QUERY_BYTES - 3)
  const answered = info.nonce ? new Uint8Array(info.nonce.valueBlock.valueHexView) : new Uint8Array()
  if (query.length !== QUERY_BYTES || !equalBytes(asked, answered))
    throw failed('TIMESTAMP_NONCE', 'The time stamp answers another question than the one asked.')
}

function signerOf(signed: SignedData): Certificate {
  const sid: unknown = signed.signerInfos[0]?.sid
  const found = (signed.certificates ?? []).find(
    (certificate): certificate is Certificate =>
      certificate instanceof Certificate && isNamedBy(sid, certificate),
  )
  if (!found)
    throw failed('TIMESTAMP_CERTIFICATE', 'The time stamp comes without the certificate it was signed with.')
  return found
}

function isNamedBy(sid: unknown, certificate: Certificate): boolean {
  if (typeof sid !== 'object' || sid === null || !('issuer' in sid) || !('serialNumber' in sid)) return false
  return (
    certificate.issuer.isEqual(asIssuer(sid.issuer, certificate)) &&
    certificate.serialNumber.isEqual(asSerial(sid.serialNumber, certificate))
  )
}

/** pkijs types the signer's id as `any`; what is compared has to be of the certificate's own classes. */
function asIssuer(value: unknown, { issuer }: Certificate): Certificate['issuer'] {
  if (value instanceof issuer.constructor) return value as Certificate['issuer']
  throw malformed()
}

function asSerial(value: unknown, { serialNumber }: Certificate): Certificate['serialNumber'] {
  if (value instanceof serialNumber.constructor) return value as Certificate['serialNumber']
  throw malformed()
}

/** RFC 3161 section 2.3: the key serves time stamping and nothing else, and the extension is critical. */
function checkPurpose(certificate: Certificate): void {
  const usages = (certificate.extensions ?? []).filter(({ extnID }) => extnID === EXTENDED_KEY_USAGE)
  const [usage] = usages
  const purposes = usage?.parsedValue instanceof ExtKeyUsage ? usage.parsedValue.keyPurposes : []
  if (usages.length !== 1 || !usage?.critical || purposes.length !== 1 || purposes[0] !== TIME_STAMPING)
    throw failed(
      'TIMESTAMP_CERTIFICATE',
      'The time stamp was signed with a certificate that is not for time stamping.',
    )
}

async function verifySignature(
  signed: SignedData,
  { data, roots, chain }: TimeStampCheck,
): Promise<Uint8Array[]> {
  signed.certificates = [...(signed.certificates ?? []), ...certificatesOf(chain)]
  // Revocation lists inside the token come from whoever sent it; they decide nothing here.
  delete signed.crls
  const trustedCerts = certificatesOf(roots)
  const options = {
    signer: 0,
    data: Uint8Array.from(data).buffer,
    trustedCerts,
    checkChain: true,
    extendedMode: true as const,
  }
  const result = await signed.verify(options).catch((error: unknown) => {
    const isChain = error instanceof Error && 'code' in error && error.code === 5
    throw isChain
      ? failed(
          'TIMESTAMP_CHAIN',
          'The certificates of the time stamp do not lead to a trusted root at that time.',
          error,
        )
      : failed('TIMESTAMP_SIGNATURE', 'The signature of the time stamp does not hold.', error)
  })
  if (!result.signatureVerified || !result.signerCertificateVerified)
    throw failed('TIMESTAMP_SIGNATURE', 'The signature of the time stamp does not hold.')
  return (result.certificatePath ?? []).map(
    (certificate) => new Uint8Array(certificate.toSchema(false).toBER()),
  )
}

function certificatesOf(pem: string): Certificate[] {
  try {
    return certificatesOfPem(pem).map((der) => Certificate.fromBER(der.buffer))
  } catch (error) {
    throw failed('TIMESTAMP_CHAIN', 'A certificate of the authority cannot be read.', error)
  }
}

function malformed(cause?: unknown): BundleError {
  return failed(
    'TIMESTAMP_MALFORMED',
    'The reply of the time-stamp authority is not a whole RFC 3161 reply.',
    cause,
  )
}

function failed(code: BundleErrorCode, message: string, cause?: unknown): BundleError {
  return new BundleError(code, message, { cause })
}
