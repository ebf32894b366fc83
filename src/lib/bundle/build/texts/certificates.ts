import { type BundleInput, type BundleLanguage, languagesOf } from '../../model.ts'
import { BLANK, documents, signature, steps } from './certificate-parts.ts'
import { CERTIFICATE_WORDS, type CertificateWords } from './certificate-translations.ts'
import { usCopies, usProcess } from './us-certificates.ts'

/** Unsigned drafts: facts of the machine are filled in, statements of people are blank lines. */
export function certificateFiles(input: BundleInput): { path: string; content: string }[] {
  return [
    ...languagesOf(input).flatMap((language) => malaysianFiles(input, language)),
    { path: 'certificates/us-902-13.txt', content: usProcess(input) },
    { path: 'certificates/us-902-14.txt', content: usCopies(input) },
  ]
}

/** In each language of the bundle: a witness signs only what he or she can read. */
function malaysianFiles(input: BundleInput, language: BundleLanguage): { path: string; content: string }[] {
  const words = CERTIFICATE_WORDS[language]
  const ending = language === 'en' ? 'txt' : `${language}.txt`
  return [
    { path: `certificates/my-s90a-witness-device.${ending}`, content: malaysiaWitness(input, words) },
    { path: `certificates/my-s90a-server.${ending}`, content: malaysiaServer(input, words) },
  ]
}

function malaysiaWitness(input: BundleInput, words: CertificateWords): string {
  const devices = [...new Set(input.exhibits.map(({ device }) => device).filter((device) => device !== null))]
  return `${words.draft}

${words.title}
${words.witnessComputer} ${words.noForm}

${person(words)}
${words.computerOfWitness}: ${devices.join('; ') || BLANK}

${documents(input, words)}
${words.howProduced}:
${steps(input, words)}
${words.byWhom}: ${BLANK}
${ordinaryUse(words)}${signature(words)}`
}

function malaysiaServer(input: BundleInput, words: CertificateWords): string {
  return `${words.draft}

${words.title}
${words.organisationComputer} ${words.noForm}

${person(words)}
${words.computer}: ${BLANK}
${words.program}: Saksi ${input.version}

${documents(input, words)}
${words.howProduced}:
${words.madeAt(input.bagName, input.builtAt)}
${ordinaryUse(words)}${signature(words)}`
}

function person(words: CertificateWords): string {
  return `${words.fullName}: ${BLANK}
${words.identityNumber}: ${BLANK}
${words.occupation}: ${BLANK}
${words.responsible}
[ ] ${words.management}
[ ] ${words.activities}
`
}

function ordinaryUse(words: CertificateWords): string {
  return `
${words.ordinaryUse}: ${BLANK}
${words.workingProperly}: ${BLANK}
${words.belief}: ${BLANK}
`
}
