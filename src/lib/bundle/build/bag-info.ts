import { BAGIT_TXT, PATHS } from '../format/paths.ts'
import type { BagFile, BundleInput } from '../model.ts'
import { type MadeFile, madeFile } from './bag-file.ts'

/** `bagit.txt` and `bag-info.txt` (RFC 8493 sections 2.1.1 and 2.2.2), fields in a fixed order. */
export function bagInfoFiles(input: BundleInput, payload: readonly BagFile[]): MadeFile[] {
  const bytes = payload.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const fields = [
    ['Source-Organization', input.organisation.name],
    ['Contact-Email', input.organisation.contact],
    ['External-Identifier', input.bagName],
    ['Internal-Sender-Identifier', input.senderIdentifier],
    ['Bagging-Date', input.builtAt.slice(0, 10)],
    ['Payload-Oxum', `${bytes}.${payload.length}`],
    ['Bag-Size', `${bytes} bytes`],
    ['Bag-Software-Agent', `saksi ${input.version}`],
  ]
  return [
    madeFile(PATHS.bagit, BAGIT_TXT),
    madeFile(PATHS.bagInfo, fields.map(([label, value]) => `${label}: ${value}\n`).join('')),
  ]
}
