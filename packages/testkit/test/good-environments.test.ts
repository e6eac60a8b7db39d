import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { examineEnvironment } from '../src/index.ts'

test('a good environment has no fault', { timeout: 240_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-testkit-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'machine')
  await writeFile(file, 'as it was')
  const environment = new URL('../../../fixtures/plugins/environment/good.ts', import.meta.url)
  const snapshot = (): Promise<string> => readFile(file, 'utf8')
  expect(
    await examineEnvironment({
      environment,
      options: { file },
      refused: [{ file: 7 }],
      absent: {},
      snapshot,
    }),
  ).toEqual([])
})

test('a fact that moves by itself is no change', { timeout: 240_000 }, async () => {
  const environment = new URL('../../../fixtures/plugins/environment/moves-by-itself.ts', import.meta.url)
  expect(await examineEnvironment({ environment })).toEqual([])
})
