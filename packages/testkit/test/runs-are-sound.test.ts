import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resultFile, type Metrics } from '@cloudbench/core'
import { readResult } from '@cloudbench/core/program'
import { expect, onTestFinished, test } from 'vitest'
import { runNames, runOf } from '../src/runs/runs.ts'

test.for(runNames)('the run "%s" is what the result format can hold', async (name) => {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-testkit-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'run.json')
  const run = runOf(name)
  await writeFile(file, JSON.stringify(resultFile(run)))
  expect(resultFile(await readResult(file))).toEqual(resultFile(run))
})

test.for(runNames)('the numbers of the run "%s" add up', (name) => {
  for (const { phases } of runOf(name).scenarios)
    for (const { flows } of phases)
      for (const { operations, total } of flows)
        for (const metrics of [...Object.values(operations), total]) expectSum(metrics)
})

function expectSum({ scheduled, sent, unsent, ok, failed, timedOut, unanswered, ...rest }: Metrics): void {
  expect(scheduled).toBe(sent + unsent)
  expect(sent).toBe(ok + failed + timedOut + unanswered)
  expect(rest.censored).toBe(timedOut + unanswered + unsent)
  expect(rest.response.count).toBe(ok + rest.censored)
  expect(rest.failures.count).toBe(failed)
  const outcomes = Object.values(rest.outcomes).reduce((sum, { count }) => sum + count, 0)
  expect(outcomes).toBe(ok + failed)
}
