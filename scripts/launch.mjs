// bin/saksi ends up here: prepare a fresh clone, then run the program in this same process.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt, ensureInstalled, requireNode, root } from './prepare.mjs'

requireNode()
await ensureInstalled()
await ensureBuilt()
await import(pathToFileURL(join(root, 'dist', 'saksi.js')).href)
