import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/plugin/model.ts'
import { collectResults } from '../../src/result/collect.ts'
import { resultFile } from '../../src/result/file.ts'
import { flatLine } from '../../src/result/flat-line.ts'
import { mergeResults } from '../../src/result/merge.ts'
import { readResult } from '../../src/result/read.ts'
import { runSteady } from '../support/run.ts'

let folder: string
let live: RunResult
let path: string
/** What the driver counted, and how long the phase took: a busy machine may take longer than planned. */
let requests: number
let seconds: number
/** What was answered before the schedule ended, per second. */
let rate: number
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudbench-'))
  path = join(folder, 'run.json')
  live = await runSteady({
    workers: 2,
    warmupMs: 200,
    durationMs: 600,
    checks: { 'response.p99': '< 1h', rate: '> 1/s' },
  })
  writeFileSync(path, JSON.stringify(resultFile(live)))
  const { flows, elapsedMs } = live.scenarios[0]!.phases[1]!
  requests = flows[0]!.counters['requests']!
  seconds = Number((elapsedMs / 1000).toFixed(3))
  rate = (requests - flows[0]!.total.lateShare) / (elapsedMs / 1000)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a result file', () => {
  it('reads back as what was measured', async () => {
    const read = await readResult(path)
    expect(resultFile(read)).toEqual(resultFile(live))
    expect(flatLine(read.scenarios[0]!)).toEqual(flatLine(live.scenarios[0]!))
    expect(read.scenarios[0]!.phases[1]!.flows[0]!.total.response.percentile(99)).toBe(
      live.scenarios[0]!.phases[1]!.flows[0]!.total.response.percentile(99),
    )
  })

  it('carries the flat fields of every scenario', () => {
    expect(requests).toBeGreaterThan(0)
    expect(resultFile(live).scenarios[0]).toMatchObject({
      scenario: 'steady',
      duration_sec: seconds,
      tps_avg: expect.closeTo(rate, 1) as number,
      error_rate_pct: 0,
      requests,
      latency_basis: 'response',
      rate_asked: 100,
      workers: 2,
      exit: 0,
    })
  })

  it.each([
    ['is not there', undefined, /cannot be read as a result: ENOENT/],
    ['is not JSON', '{"format":', /it is not JSON/],
    ['is of something else', '{"a":1}', /was not written by cloudbench/],
    ['is of another version', '{"format":"cloudbench-result","version":9}', /it has version 9/],
    ['is damaged', '{"format":"cloudbench-result","version":1,"run":{}}', /is damaged: .*run\.id/],
  ])('that %s is refused, and why', async (_, content, message) => {
    const other = join(folder, `${content === undefined ? 'missing' : 'other'}.json`)
    if (content !== undefined) writeFileSync(other, content)
    await expect(readResult(other)).rejects.toMatchObject({
      code: 'CB_RESULT_FILE',
      message: expect.stringMatching(message) as string,
    })
  })

  it('with a histogram that lost counts is refused', async () => {
    const file = structuredClone(resultFile(live)) as unknown as {
      scenarios: { phases: { flows: { operations: Record<string, { response: { count: number } }> }[] }[] }[]
    }
    file.scenarios[0]!.phases[1]!.flows[0]!.operations['read']!.response.count++
    const other = join(folder, 'lost.json')
    writeFileSync(other, JSON.stringify(file))
    await expect(readResult(other)).rejects.toThrow(
      `a histogram of ${requests + 1} values contains ${requests}`,
    )
  })
})

describe('merged results', () => {
  const shifted = (byMs: number): RunResult => ({
    ...live,
    run: { ...live.run, id: `${live.run.id}-later` },
    scenarios: live.scenarios.map((scenario) => ({
      ...scenario,
      phases: scenario.phases.map((phase) => ({
        ...phase,
        startedAt: new Date(phase.startedAt.getTime() + byMs),
      })),
    })),
  })

  it('of shards that ran together have the sum of their rates', () => {
    const merged = flatLine(mergeResults([live, shifted(10)]).scenarios[0]!)
    expect(merged).toMatchObject({
      requests: 2 * requests,
      duration_sec: seconds,
      tps_avg: expect.closeTo(2 * rate, 1) as number,
    })
  })

  it('of runs one after another have the sum of their durations', () => {
    const merged = flatLine(mergeResults([live, shifted(3_600_000)]).scenarios[0]!)
    expect(merged).toMatchObject({
      requests: 2 * requests,
      duration_sec: expect.closeTo(2 * seconds, 2) as number,
      tps_avg: expect.closeTo(rate, 1) as number,
    })
  })

  it('keep the checks that hooks added to a run', () => {
    const addedBy = { plugin: 'budget', hook: 'run:evaluate' } as const
    const added = {
      scenario: 'steady',
      status: 'failed',
      expected: '>= 92%',
      actual: '80 %',
      addedBy,
    } as const
    const judged = (name: string): RunResult => ({
      ...live,
      run: { ...live.run, id: name },
      scenarios: name === 'second' ? shifted(3_600_000).scenarios : live.scenarios,
      checks: [...live.checks, { name, ...added }],
    })
    const merged = mergeResults([judged('first'), judged('second')])
    expect(merged.checks.map(({ name }) => name)).toEqual([
      ...live.checks.map(({ name }) => name),
      ...live.checks.map(({ name }) => name),
      'first',
      'second',
    ])
  })

  it('that overlapped in part have neither a rate nor a duration, and are refused', () => {
    expect(() => mergeResults([live, shifted(200)])).toThrow(/overlapped in part/)
  })

  it('count every run once, also as a part of a merged one', () => {
    expect(() => mergeResults([live, live])).toThrow(`run ${live.run.id} was given twice`)
    const collected = collectResults([live, shifted(10)])
    expect(() => collectResults([live, collected])).toThrow(`run ${live.run.id} was given twice`)
  })

  it('that are only collected stand one after another, under names of their own', async () => {
    const later = shifted(3_600_000)
    const other = { ...later, run: { ...later.run, configDigest: 'xyz' } }
    const collected = collectResults([live, other])
    expect(collected.scenarios.map(({ scenario }) => scenario.id)).toEqual([
      `steady (${live.run.id})`,
      `steady (${live.run.id}-later)`,
    ])
    expect(collected.scenarios.map((result) => flatLine(result).requests)).toEqual([requests, requests])
    expect(collected).toMatchObject({ reason: 'passed', exitCode: 0 })
    const stored = join(folder, 'collected.json')
    writeFileSync(stored, JSON.stringify(resultFile(collected)))
    expect(resultFile(await readResult(stored))).toEqual(resultFile(collected))
  })

  it('that are only collected say which of them had what configured', () => {
    const later = shifted(3_600_000)
    const setting = { path: 'rate', value: '5/s', origin: '--rate' }
    const configuration = [...live.run.configuration!, setting]
    expect(
      collectResults([live, { ...later, run: { ...later.run, configuration } }]).run.configuration,
    ).toEqual([...live.run.configuration!, { ...setting, origin: `--rate (run ${later.run.id})` }])
  })

  it('of different configurations are refused', () => {
    const other = { ...live, run: { ...live.run, id: 'other', configDigest: 'xyz' } }
    expect(() => mergeResults([live, other])).toThrow(/different configurations/)
  })

  it('of different clients are refused, also of different versions of one', () => {
    const by = (version: string): RunResult => {
      const { run, scenarios } = shifted(3_600_000)
      const flowsBy = scenarios.map((result) => ({
        ...result,
        scenario: {
          ...result.scenario,
          flows: result.scenario.flows.map((flow) => ({ ...flow, client: { name: 'ioredis', version } })),
        },
      }))
      return { ...live, run: { ...run, id: version }, scenarios: flowsBy }
    }
    expect(() => mergeResults([live, by('5.4.1')])).toThrow(
      'which had different clients (main: none; main: ioredis 5.4.1)',
    )
    expect(() => mergeResults([by('5.4.1'), by('6.0.0')])).toThrow(
      'which had different clients (main: ioredis 5.4.1; main: ioredis 6.0.0)',
    )
  })
})
