// How long a full registration takes in a browser on a slow phone:  npm run bench -- browser [--json] [--pictures 9]
// Chromium's own slow-down of the processor stands for the phone; the same page at full speed stands beside it.
import { join } from 'node:path'
import { chromium, type Page } from 'playwright'
import { build } from 'vite'
import { median, numberOption } from './options.ts'
import { printReport } from './table.ts'

interface Registration {
  wholeMs: number
  windowsMs: number
  rows: number
}

const SLOW_DOWN = 4
const pictures = numberOption('--pictures', 9)
const CASES = [
  { key: 'phone', label: '1280 x 960', width: 1280, height: 960 },
  { key: '12Mp', label: '4000 x 3000', width: 4000, height: 3000 },
]
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
]

async function pageScript(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      lib: {
        entry: join(import.meta.dirname, 'browser', 'registration.ts'),
        formats: ['iife'],
        name: 'bench',
      },
    },
  })
  const output = Array.isArray(built) ? built[0] : built
  if (!output || !('output' in output)) throw new Error('nothing was built')
  return output.output[0].code
}

/** The first picture of a page warms it up and is left out. */
async function measure(page: Page, width: number, height: number): Promise<Registration[]> {
  const seeds = Array.from({ length: pictures + 1 }, (_, i) => i + 1)
  const call = `register(${JSON.stringify(seeds)}, ${width}, ${height})`
  const all: Registration[] = await page.evaluate(call)
  return all.slice(1)
}

const browser = await chromium.launch({
  executablePath: process.env['SAKSI_CHROMIUM'] ?? '/usr/bin/chromium',
  args: FLAGS,
})
try {
  const page = await browser.newPage()
  await page.addScriptTag({ content: await pageScript() })
  const devtools = await page.context().newCDPSession(page)
  const figures: Record<string, number> = {}
  const rows: (string | number)[][] = []
  for (const { key, label, width, height } of CASES) {
    for (const rate of [1, SLOW_DOWN]) {
      await devtools.send('Emulation.setCPUThrottlingRate', { rate })
      const registrations = await measure(page, width, height)
      const of = (part: keyof Registration): number => median(registrations.map((one) => one[part]))
      figures[`${key}Slow${rate}Ms`] = of('wholeMs') + of('windowsMs')
      rows.push([label, `${rate} x`, of('wholeMs').toFixed(1), of('windowsMs').toFixed(1), of('rows')])
    }
  }
  printReport(
    `Registering ${pictures} drawn scenes in Chromium ${browser.version()}, median ms on the thread of the page`,
    { columns: ['picture', 'slowed down', 'whole print', 'windows (full)', 'rows'], rows },
    figures,
  )
} finally {
  await browser.close()
}
