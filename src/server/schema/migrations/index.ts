import type { Migration } from '../migrate.ts'

/** In the order in which they are carried out. Only ever added to, at the end. */
export const MIGRATIONS: readonly Migration[] = []
