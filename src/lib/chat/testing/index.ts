export { type MemoryTreeOptions, memorySource, memoryTree, toBytes } from './memory-tree.ts'
export { digestOf, readAll, TEST_NOW_MS, testReadOptions } from './read-all.ts'
