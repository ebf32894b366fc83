import { expect, it } from 'vitest'
import { memoryTree } from './index.ts'

it('answers like an export on disk: present, missing, refused', async () => {
  const tree = memoryTree({ 'photos/a.jpg': 'x', 'result.json': '{}' })
  expect(await tree.files()).toEqual([
    { path: 'photos/a.jpg', sizeBytes: 1 },
    { path: 'result.json', sizeBytes: 2 },
  ])
  expect(tree.state('photos/a.jpg')).toBe('present')
  expect(tree.state('photos/b.jpg')).toBe('missing')
  expect(tree.state('../a.jpg')).toBe('refused')
  expect(await tree.open('photos/b.jpg')).toBeNull()
  const slow = memoryTree({ a: 'x' }, { hasSlowState: true })
  expect(slow.state('a')).toBeInstanceOf(Promise)
  expect(await slow.state('a')).toBe('present')
})

it('cuts slices short when asked to', async () => {
  const source = await memoryTree({ a: 'abcdef' }, { maxSliceBytes: 2 }).open('a')
  expect(source?.sizeBytes).toBe(6)
  expect(await source?.slice(1, 5)).toEqual(new TextEncoder().encode('bc'))
  expect(await source?.slice(5, 9)).toEqual(new TextEncoder().encode('f'))
})
