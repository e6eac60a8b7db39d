import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { resultFile } from '@cloudbench/core'
import { replayResults } from '@cloudbench/core/program'
import { expect, test } from 'vitest'
import { readBack, type ReadSuite } from './read-back.ts'
import { folder, junit, quiet, report, steady, type Order, type Reported } from './run.ts'

async function stored(order: Order): Promise<Reported & { readonly file: string }> {
  const reported = await report(order)
  const file = join(reported.output, 'result.json')
  await writeFile(file, JSON.stringify(resultFile(reported.result)))
  return { ...reported, file }
}

async function replay(
  files: readonly string[],
  merge = false,
): Promise<{ xml: string; suites: ReadSuite[] }> {
  const outputFolder = await folder()
  await replayResults(files, {
    terminal: quiet(),
    bundledFrom: import.meta.url,
    reporters: [junit],
    merge,
    outputFolder,
    resolveFrom: pathToFileURL(`${outputFolder}/`).href,
  })
  const xml = await readFile(join(outputFolder, 'junit.xml'), 'utf8')
  return { xml, suites: await readBack(xml) }
}

test('a replayed run has the file that it had live', async () => {
  const { xml, file } = await stored({
    scenarios: {
      judged: { ...steady, workload: 'audited', checks: { requests: '>= 1k', 'errors.rate': '< 1%' } },
      broken: { ...steady, workload: 'refuses' },
    },
  })
  expect((await replay([file])).xml).toBe(xml)
})

test('shards of one scenario are one suite, with the checks of both told apart', async () => {
  const scenarios = { steady: { ...steady, checks: { requests: '== 20' } } }
  const [first, second] = [await stored({ scenarios }), await stored({ scenarios })]
  const { suites } = await replay([first.file, second.file], true)
  expect(suites).toMatchObject([
    {
      name: 'steady',
      properties: { requests: '40', run_id: `${first.result.run.id}+1` },
      cases: [{ name: 'check requests' }, { name: 'check requests (2)' }],
    },
  ])
})

test('runs of different scenarios stand side by side', async () => {
  const first = await stored({ scenarios: { first: { ...steady, checks: { requests: '>= 1k' } } } })
  const second = await stored({ scenarios: { second: { ...steady, workload: 'refuses' } } })
  const { suites } = await replay([second.file, first.file])
  expect(suites.map(({ name, cases }) => [name, cases.map(({ outcome }) => outcome)])).toEqual([
    ['second', ['skipped', 'error']],
    ['first', ['failure']],
  ])
})
