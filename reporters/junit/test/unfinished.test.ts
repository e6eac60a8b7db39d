import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readBack } from './read-back.ts'
import { folder, report, steady } from './run.ts'

test('while a run is running its file says that it has not ended', async () => {
  const cwd = await folder()
  const seen: string[] = []
  const { suites } = await report({
    cwd,
    scenarios: { first: steady, second: steady },
    plugins: [
      {
        name: 'killer',
        hooks: {
          'scenario:start': async () => {
            seen.push(await readFile(join(cwd, '.cloudbench/junit.xml'), 'utf8'))
          },
        },
      },
    ],
  })
  const unfinished = {
    name: 'completed',
    outcome: 'error',
    message: 'the run has not ended',
    text: expect.stringContaining('killed') as string,
  }
  expect(seen).toHaveLength(2)
  for (const xml of seen)
    expect(await readBack(xml)).toMatchObject([
      { name: 'first', attributes: { errors: '1' }, cases: [unfinished] },
      { name: 'second', attributes: { errors: '1' }, cases: [unfinished] },
    ])
  expect(suites.map(({ attributes }) => attributes['errors'])).toEqual(['0', '0'])
})
