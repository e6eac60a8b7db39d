import { expect, it } from 'vitest'
import { resultFile } from '../../src/result/file.ts'
import { flatLine } from '../../src/result/flat-line.ts'
import { mergeResults } from '../../src/result/merge.ts'
import { readResult } from '../../src/result/read.ts'
import { fileOf } from '../support/result-folder.ts'
import { runSteady } from '../support/run.ts'

type Node = Record<string, unknown>

/** A file as it was written before there were verdicts, and with a generator that watched itself less closely. */
async function olderFile(): Promise<string> {
  const run = await runSteady({ durationMs: 400, checks: { requests: '> 10' } })
  const file = JSON.parse(JSON.stringify(resultFile(run))) as { checks: Node[]; scenarios: Node[] }
  for (const scenario of file.scenarios) {
    for (const name of Object.keys(scenario))
      if (/^(judgement|verdict(_reasons)?|.*_(low|high)(_ms)?)$/.test(name)) delete scenario[name]
    for (const phase of scenario['phases'] as { generators: Node[]; intervals: { generators: Node[] }[] }[])
      for (const sample of [...phase.generators, ...phase.intervals.flatMap(({ generators }) => generators)])
        for (const name of ['gcMinorMs', 'gcMajorMs', 'gcIncrementalMs', 'gcWeakMs', 'hiccup'])
          delete sample[name]
  }
  for (const check of [...file.checks, ...file.scenarios.flatMap(({ checks }) => checks as Node[])])
    delete check['validity']
  return fileOf(file)
}

it('a file of a version without verdicts is read, and says nothing of what it does not know', async () => {
  const result = await readResult(await olderFile())
  expect([result.reason, result.scenarios[0]!.verdict]).toEqual(['passed', undefined])
  expect(flatLine(result.scenarios[0]!)).toMatchObject({
    verdict: null,
    verdict_reasons: [],
    tps_low: null,
    latency_p99_high_ms: null,
  })
  const [sample] = result.scenarios[0]!.phases[0]!.generators
  expect([sample!.gcMajorMs, sample!.hiccup.count]).toEqual([0, 0])
})

it('what is made of it can be written and read again', async () => {
  const result = await readResult(await olderFile())
  const again = await readResult(fileOf(resultFile(mergeResults([result]))))
  expect(again.scenarios.map(flatLine)).toEqual(result.scenarios.map(flatLine))
})
