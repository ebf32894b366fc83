import { jsonBytes } from '../format/json.ts'
import { PATHS } from '../format/paths.ts'
import { type BundleInput, languagesOf } from '../model.ts'
import { type MadeFile, madeFile } from './bag-file.ts'
import { caseJson } from './case-json/index.ts'
import type { NumberedRecord } from './proven.ts'
import { composeReport } from './report/compose.ts'
import type { ReportDocument } from './report/document.ts'
import { renderHtml } from './report/render-html.ts'
import { certificateFiles } from './texts/certificates.ts'
import { questionsText } from './texts/questions.ts'
import { readmeText } from './texts/readme.ts'
import { verifyText } from './texts/verify-text.ts'
import { VERIFY_SCRIPT } from './verify-script/index.ts'
import { reportWords } from './words/index.ts'

/** Makes the PDF of a report; supplied by the caller, since it needs fonts. Same document, same bytes. */
export type RenderPdf = (report: ReportDocument) => Promise<Uint8Array>

/** Everything in the bag that people read, and the CASE/UCO form for forensic tools. */
export async function documentFiles(
  input: BundleInput,
  records: readonly NumberedRecord[],
  renderPdf: RenderPdf,
): Promise<MadeFile[]> {
  const report = composeReport(input, records, reportWords('en'))
  return [
    madeFile(PATHS.readme, readmeText(input)),
    madeFile(PATHS.verifyText, verifyText(input)),
    madeFile(PATHS.verifyScript, VERIFY_SCRIPT),
    madeFile(PATHS.reportHtml, renderHtml(report)),
    madeFile(PATHS.reportPdf, await renderPdf(report)),
    ...languagesOf(input)
      .filter((language) => language !== 'en')
      .map((language) =>
        madeFile(
          `report/report.${language}.html`,
          renderHtml(composeReport(input, records, reportWords(language))),
        ),
      ),
    madeFile(PATHS.guide, questionsText(input.bagName)),
    madeFile(PATHS.caseJson, jsonBytes(caseJson(input))),
    ...certificateFiles(input).map(({ path, content }) => madeFile(path, content)),
  ]
}
