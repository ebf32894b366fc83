import { writeSync } from 'node:fs'
import { openBank } from './index.ts'
import { syntheticPicture, withWindows } from './synthetic-picture.ts'

// A program for the tests: registers and withdraws without end, says so after each acknowledgement, and waits to be
// killed. Arguments: bank path, prefix of its entry ids, and optionally how many to register before it ends by itself.
const [path = '', prefix = '', count = 'Infinity'] = process.argv.slice(2)
const say = (line: string): void => {
  writeSync(1, `${line}\n`)
}

say('started')
const bank = await openBank(path, { create: true, lockWaitMs: 30_000 })
for (let k = 0; k < Number(count); k++) {
  const id = `${prefix}-${k}`
  const pictures = Array.from({ length: 1 + (k % 3) }, (_, n) =>
    k % 5 === 0 ? withWindows(`${id}/${n}`, 400) : syntheticPicture(`${id}/${n}`, k % 7 === 0 ? 500 : 8),
  )
  await bank.appendPictures(id, pictures)
  say(`added ${id} ${pictures.length}`)
  if (k % 4 === 3) {
    await bank.withdrawEntry(id)
    say(`withdrawn ${id}`)
  }
}
await bank.close()
