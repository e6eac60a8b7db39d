import { stat } from 'node:fs/promises'
import {
  Histogram,
  sumFlow,
  sumFlowLists,
  sumMetrics,
  type FlowMetrics,
  type RunResult,
} from '@cloudbench/core'
import { runOf } from '@cloudbench/testkit/runs'
import { expect, test } from 'vitest'
import { pageOfRun } from './support/report.ts'

/** Times that are as many different ones as those of a real service: from 100 µs to seconds. */
function times(seed: number): Histogram {
  let state = seed
  return Histogram.of(
    Array.from({ length: 3_000 }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31
      return 1e5 * 10 ** ((state / 2 ** 31) ** 3 * 4.5)
    }),
  )
}

function flowOf(flow: string, seed: number): FlowMetrics {
  const operations = Object.fromEntries(
    ['get', 'set', 'scan', 'delete'].map((name, at) => {
      const [response, service, lag] = [times(seed + at), times(seed + at + 7), times(seed + at + 13)]
      const counts = { scheduled: response.count, sent: response.count, ok: response.count }
      return [
        name,
        {
          ...sumMetrics([]),
          ...counts,
          response,
          service,
          lag,
          outcomes: { hit: { count: response.count, ok: true } },
        },
      ]
    }),
  )
  return { ...sumFlow(flow, []), operations, total: sumMetrics(Object.values(operations)) }
}

/** An hour of two flows with four operations each, in as many intervals as a result keeps. */
function hour(): RunResult {
  const run = runOf('hour')
  const [scenario] = run.scenarios as [RunResult['scenarios'][number]]
  const [phase] = scenario.phases as [RunResult['scenarios'][number]['phases'][number]]
  const intervals = phase.intervals.map((interval, at) => ({
    ...interval,
    flows: ['main', 'other'].map((flow, index) => flowOf(flow, at * 31 + index * 17 + 1)),
  }))
  const flows = sumFlowLists(intervals.map((interval) => interval.flows))
  const twoFlows = ['main', 'other'].map((name) => ({ ...scenario.scenario.flows[0]!, name }))
  const loads = { main: phase.phase.loads['main']!, other: phase.phase.loads['main']! }
  const described = { ...phase.phase, loads }
  const definition = { ...scenario.scenario, flows: twoFlows, phases: [described] }
  const phases = [
    {
      ...phase,
      phase: described,
      flows,
      intervals: intervals.map((part) => ({ ...part, phase: described })),
    },
  ]
  const audits = scenario.audits
  return {
    ...run,
    run: { ...run.run, scenarios: [definition] },
    scenarios: [{ ...scenario, scenario: definition, phases, audits }],
  }
}

test('the page of an hour has less than 2 MB, however much was measured', async () => {
  const { path } = await pageOfRun(hour())
  const { size } = await stat(path)
  expect(size).toBeGreaterThan(200_000)
  expect(size).toBeLessThan(2_000_000)
})
