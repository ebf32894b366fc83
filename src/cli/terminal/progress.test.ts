import { expect, it } from 'vitest'
import { startProgress } from './progress.ts'

function target(isTerminal: boolean, columns = 80) {
  const written: string[] = []
  const clock = { nowMs: 0 }
  const progress = startProgress('Scanning', {
    write: (text) => void written.push(text),
    isTerminal,
    columns: () => columns,
    nowMs: () => clock.nowMs,
  })
  return { progress, written, clock }
}

it('writes a line every five seconds into a pipe, and nothing for short work', () => {
  const { progress, written, clock } = target(false)
  for (let ms = 0; ms <= 11_000; ms += 500) {
    clock.nowMs = ms
    progress.update(ms, 20_000, '3 pictures')
  }
  progress.end()
  expect(written).toEqual([
    'Scanning: 25 % · 3 pictures · about 15 s left\n',
    'Scanning: 50 % · 3 pictures · about 10 s left\n',
  ])
  const short = target(false)
  short.progress.update(1, 1)
  short.progress.end()
  expect(short.written).toEqual([])
})

it('redraws one line of a terminal, never wider than it, and clears it', () => {
  const { progress, written, clock } = target(true, 40)
  progress.update(1, 2, 'a detail that is far too long for this window')
  clock.nowMs = 50
  progress.update(2, 2)
  progress.end()
  expect(written).toHaveLength(2)
  expect(written[0]?.replace('\r\u001b[2K', '').length).toBeLessThan(40)
  expect(written[1]).toBe('\r\u001b[2K')
})

it('survives a total of nothing and a share beyond it', () => {
  const { progress, written, clock } = target(true)
  progress.update(0, 0)
  clock.nowMs = 200
  progress.update(9, 3)
  expect(written.map((text) => /(\d+) %/.exec(text)?.[1])).toEqual(['0', '100'])
})
