import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { testEnvironment } from '@cloudbench/testkit'
import { afterAll, test } from 'vitest'
import { filesOf, untuned } from './support/machine.ts'

const root = mkdtempSync(join(tmpdir(), 'cloudbench-network-'))
const before = process.env['XDG_STATE_HOME']
process.env['XDG_STATE_HOME'] = join(root, 'state')
for (const [name, text] of Object.entries(filesOf(untuned))) {
  await mkdir(dirname(join(root, name)), { recursive: true })
  await writeFile(join(root, name), text)
}
afterAll(() => {
  if (before === undefined) delete process.env['XDG_STATE_HOME']
  else process.env['XDG_STATE_HOME'] = before
  rmSync(root, { recursive: true })
})

// `apply` has files of its own: the settings of this machine belong to everyone on it
testEnvironment({
  test,
  environment: new URL('../src/index.ts', import.meta.url),
  options: { apply: true, root },
  refused: [{ apply: 'yes' }, { apply: ['kernel.panic'] }, { congestionControl: 'a b' }],
  absent: { root: '/nonexistent' },
})
