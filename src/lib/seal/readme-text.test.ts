import { expect, it } from 'vitest'

// A file of its own, because no file may read itself this way.
it('shows in the README the example that is tested', () => {
  const files = {
    ...import.meta.glob('./README.md', { query: '?raw', import: 'default', eager: true }),
    ...import.meta.glob('./readme.test.ts', { query: '?raw', import: 'default', eager: true }),
  }
  const { './README.md': readme = '', './readme.test.ts': own = '' } = files
  const example = own.split(/ *\/\/ README: (?:begin|end)\n/)[1] ?? 'no example'
  const lines = example.split('\n').map((line) => line.replace(/^ {2}/, ''))
  expect(readme).toContain(`from '#lib/seal/index.ts'\n\n${lines.join('\n').trim()}\n\`\`\``)
})
