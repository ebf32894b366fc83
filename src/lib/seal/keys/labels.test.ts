import { expect, it } from 'vitest'
import { HASH_LABELS, KEY_LABELS, SIGNATURE_LABELS } from './labels.ts'

declare global {
  interface ImportMeta {
    glob(pattern: string, options: object): Record<string, string>
  }
}

const labels: string[] = [KEY_LABELS, HASH_LABELS, SIGNATURE_LABELS].flatMap((group) => Object.values(group))

it('uses no label twice, and none that another one could be taken for', () => {
  expect(labels.length).toBeGreaterThanOrEqual(20)
  expect(new Set(labels).size).toBe(labels.length)
  for (const label of labels) expect(label).toMatch(/^saksi\/v1\/[a-z]+(-[a-z]+)*(\/[a-z]+(-[a-z]+)*)?$/)
})

it('keeps every label of sealing in the one list', () => {
  const sources = import.meta.glob('../**/*.ts', { query: '?raw', import: 'default', eager: true })
  const paths = Object.keys(sources).filter(
    (path) => !path.endsWith('.test.ts') && !path.endsWith('labels.ts'),
  )
  expect(paths.length).toBeGreaterThan(20)
  for (const path of paths) expect(sources[path], path).not.toMatch(/saksi\/v[0-9]/)
})

it('names every label in the list once in the sources', () => {
  const sources = import.meta.glob('../**/labels.ts', { query: '?raw', import: 'default', eager: true })
  const text = Object.values(sources).join('')
  for (const label of labels) expect(text.split(`'${label}'`), label).toHaveLength(2)
})
