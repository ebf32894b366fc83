import { existsSync } from 'node:fs'
import { join } from 'node:path'

const INSTALLATION = '/usr/lib/postgresql/15'

/** Where Debian puts PostgreSQL 15. Throws with what to install: a test that cannot run has not passed. */
export function postgres15Installation(): string {
  for (const program of ['postgres', 'initdb']) {
    if (!existsSync(join(INSTALLATION, 'bin', program))) {
      throw new Error(
        'These tests need PostgreSQL 15. On Debian 12:  sudo apt-get install postgresql-15  (it need not be running)',
      )
    }
  }
  return INSTALLATION
}
