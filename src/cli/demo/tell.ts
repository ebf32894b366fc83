import type { CliContext } from '../context.ts'
import type { DemoPlaceName, DemoPlan } from '../generate/index.ts'
import { formatTable } from '../terminal/table.ts'
import { wrapText } from '../terminal/wrap.ts'
import { type Comparison, type CopyClass, whyMissed } from './truth.ts'

/** The lines that say of each survivor where her picture was found, what was missed and why, and whether anything was wrong. */
export function tellComparison(
  { rows, missed, wrong, neverPosted }: Comparison,
  plan: DemoPlan,
  { columns, paint }: Pick<CliContext, 'columns' | 'paint'>,
): string[] {
  const titles = placeTitles(plan)
  const table = formatTable(
    [{ title: 'Survivor' }, { title: 'Where' }, { title: 'Found', align: 'right' }, { title: 'As' }],
    rows.map(({ entry, place, planted, found }) => [
      entry,
      titles[place],
      `${found.length} of ${planted}`,
      found.map(inWords).join(', '),
    ]),
    columns,
  )
  const misses = missed.map(
    ({ entry, place, kind }) => `${entry}, in ${titles[place]}: ${inWords(kind)} (${whyMissed(kind)})`,
  )
  const verdict = `Wrong matches: ${wrong.length}. ${neverPosted.join(', ')} was never posted, and nothing was found for it.`
  return [
    ...table,
    '',
    ...(misses.length === 0 ? [] : [paint.attention('Missed:'), ...misses.map((line) => `  ${line}`), '']),
    verdict,
  ].flatMap((line) => wrapText(line, columns, 2))
}

function placeTitles({ exports, saved }: DemoPlan): Readonly<Record<DemoPlaceName, string>> {
  const [group, backup] = exports.map(({ truth }) => truth.title)
  return {
    'group-export': group ?? '',
    'backup-export': backup ?? '',
    'saved-pictures': `${saved.pictures} saved pictures`,
  }
}

const WORDS: Partial<Record<CopyClass, string>> = {
  exact: 'same file',
  recompressed: 'saved again',
  resized: 'made smaller',
  'turned-90': 'turned',
  'turned-180': 'upside down',
  'turned-270': 'turned',
  bordered: 'with a border',
  'cropped-light': 'cropped',
  'cropped-heavy': 'a part of it',
  screenshot: 'in a screenshot',
  stickered: 'with a sticker',
  missing: 'file missing',
  'not-included': 'not exported',
}

function inWords(kind: CopyClass): string {
  return WORDS[kind] ?? kind
}
