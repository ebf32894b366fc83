import type { BlobStore } from '../../blob-store/index.ts'
import type { QuotaSettings } from '../../case-store/index.ts'
import type { Clock } from '../../clock.ts'
import type { LiveDatabase } from '../../database.ts'

/** What the cases capability works with. */
export interface CasesServiceDependencies {
  readonly database: LiveDatabase
  readonly clock: Clock
  readonly quota: QuotaSettings
  readonly blobStore: BlobStore
}
