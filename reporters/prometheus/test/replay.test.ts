import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { resultFile } from '@cloudbench/core'
import { replayResults } from '@cloudbench/core/program'
import { expect, test } from 'vitest'
import { standIn } from './support/gateway.ts'
import { folder, quiet, reporter, run, steady } from './support/run.ts'

test('a replay of the result file leaves the same in the gateway as the run did', async () => {
  const gateway = await standIn()
  const cwd = await folder()
  const options = { pushgateway: gateway.url }
  const mixed = { target: 'server', workload: 'mixed', connections: 2, think: '2ms', timeout: '100ms' }
  const scenarios = { steady: { ...steady, checks: { 'response.p99': '< 25s' } }, mixed }
  const { result } = await run({ cwd, options, scenarios })
  expect(result.errors).toEqual([])
  const live = gateway.asked.slice(-2)

  const file = join(cwd, 'result.json')
  await writeFile(file, JSON.stringify(resultFile(result)))
  const replayed = await replayResults([file], {
    terminal: quiet(),
    bundledFrom: import.meta.url,
    reporters: [{ specifier: reporter, options }],
    outputFolder: cwd,
    resolveFrom: pathToFileURL(`${cwd}/`).href,
  })
  expect(replayed.errors).toEqual([])
  const byPath = (one: { readonly path: string }): string => one.path
  expect(sorted(gateway.asked.slice(-2).map(byPath))).toEqual([
    '/metrics/job/cloudbench/scenario/mixed',
    '/metrics/job/cloudbench/scenario/steady',
  ])
  for (const { path, body } of live)
    expect(sorted(gateway.asked.findLast((one) => one.path === path)!.body.split('\n'))).toEqual(
      sorted(body.split('\n')),
    )
})

function sorted(lines: readonly string[]): string[] {
  return lines.toSorted()
}
