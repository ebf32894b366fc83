import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Frees dropped pixels of this thread now. Each worker has its own heap and would keep the hundreds of megabytes of its last
 * large picture until it next allocates, all workers together many times what one picture needs.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
}
