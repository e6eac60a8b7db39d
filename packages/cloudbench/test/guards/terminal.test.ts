import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
/** The gate itself, and processes whose output is a pipe. */
const others = ['packages/cloudbench/src/terminal.ts', 'packages/core/src/worker/main.ts']

test('only the terminal of the program writes to the terminal', () => {
  const files = globSync(
    ['packages/{cloudbench,core,driver-kit}/src/**/*.ts', '{plugins,reporters}/*/src/**/*.ts'],
    {
      cwd: root,
    },
  )
  expect(files.length).toBeGreaterThan(100)
  const writing = files.filter((file) =>
    /process\.std(out|err)|console\.\w+\(/.test(readFileSync(`${root}/${file}`, 'utf8')),
  )
  expect(writing.toSorted()).toEqual(others)
})
