import { describe, expect, it } from 'vitest'
import type { Load, RunResult, ScenarioResult } from '../../src/plugin/model.ts'
import { resultFile } from '../../src/result/file.ts'
import { readResult } from '../../src/result/read.ts'
import { fileOf } from '../support/result-folder.ts'
import { runSteady, type Order } from '../support/run.ts'
import { constantRate } from '../support/simulate.ts'

const abort = { 'errors.rate': '> 20% for 400ms' }
/** Far more than it takes. */
const longMs = 60_000
const endless: Order = {
  workload: 'turning bad',
  load: constantRate(200, longMs, 4),
  durationMs: longMs,
  intervalMs: 100,
  abort,
}
const closed: Load = { model: 'closed', connections: 4, thinkMs: 2 }

/** What a result is when it is read back, which works out everything anew. */
const readBack = (result: RunResult): Promise<RunResult> => readResult(fileOf(resultFile(result)))

const firstOf = ({ scenarios }: RunResult): ScenarioResult => scenarios[0]!

describe('a scenario that is aborted', () => {
  it('ends early, is failed with the reason, and others go on', async () => {
    const result = await runSteady({
      ...endless,
      checks: { rate: '> 0/s' },
      scenarios: [
        {},
        {
          id: 'after',
          flows: [
            {
              name: 'main',
              driver: './steady.driver.ts',
              workload: 'steady',
              target: { name: 'server', url: 'steady://here' },
              options: {},
            },
          ],
          phases: [
            { name: 'measure', kind: 'measure', durationMs: 600, loads: { main: constantRate(100, 600, 4) } },
          ],
        },
      ],
    })
    const [aborted, after] = result.scenarios as [ScenarioResult, ScenarioResult]
    expect(aborted).toMatchObject({ reason: 'failed', exitCode: 1, errors: [], audits: [] })
    expect(aborted.aborted).toMatch(/^after [\d.]+ m?s: errors\.rate [\d.]+ % > 20 % for 400 ms$/)
    expect(aborted.phases.map(({ breaches }) => breaches)).toEqual([[]])
    expect(aborted.phases[0]!.elapsedMs).toBeLessThan(longMs / 2)
    expect(aborted.checks).toEqual([
      {
        name: 'rate',
        scenario: 'steady',
        expected: '> 0/s',
        status: 'skipped',
        actual: 'the scenario was aborted',
      },
      expect.objectContaining({
        name: 'abort.errors.rate',
        status: 'failed',
        expected: 'not > 20% for 400ms',
        actual: expect.stringMatching(/^[\d.]+ % after [\d.]+ m?s, mostly nope$/) as string,
        limit: 0.2,
        unit: 'share',
      }),
    ])
    expect(after).toMatchObject({ reason: 'passed', audits: [{ status: 'passed' }] })
    expect(after).not.toHaveProperty('aborted')
    expect(after.checks.at(-1)).toMatchObject({ name: 'abort.errors.rate', status: 'passed' })
    expect(result).toMatchObject({ reason: 'failed', exitCode: 1 })
    const read = await readBack(result)
    expect(read.checks).toEqual(result.checks)
    expect(firstOf(read).aborted).toBe(aborted.aborted)
  })

  it.each([
    ['open', constantRate(300, longMs, 4)],
    ['closed', closed],
  ])('keeps all laws of accounting, with several workers in an %s loop', async (_, load) => {
    const result = await runSteady({ ...endless, load, workers: 2 })
    expect(firstOf(result).errors).toEqual([])
    const { flows, breaches, intervals } = firstOf(result).phases[0]!
    expect(breaches).toEqual([])
    const sent = intervals.reduce((sum, interval) => sum + interval.flows[0]!.total.sent, 0)
    expect(sent).toBe(flows[0]!.total.sent)
  })

  it('may end in its warm-up: phases that it did not reach are none of its result', async () => {
    const result = await runSteady({ ...endless, warmupMs: longMs, checks: { rate: '> 0/s' } })
    const { phases, reason, scenario, checks } = firstOf(await readBack(result))
    expect(reason).toBe('failed')
    expect(phases.map(({ phase }) => phase.name)).toEqual(['warmup'])
    expect(scenario.phases.map(({ name }) => name)).toEqual(['warmup', 'measure'])
    expect(checks.map(({ status }) => status)).toEqual(['skipped', 'failed'])
  })

  it('may be met by its last interval: then all of it was measured', async () => {
    const load = constantRate(200, 600, 4)
    const result = await runSteady({
      ...endless,
      workload: 'failing',
      load,
      durationMs: 600,
      intervalMs: 600,
      abort: { 'errors.rate': '> 20% for 600ms' },
    })
    const { aborted, phases, reason } = firstOf(await readBack(result))
    expect(reason).toBe('failed')
    expect(aborted).toContain('after 600 ms')
    expect(phases[0]).toMatchObject({ elapsedMs: 600, breaches: [] })
    expect(phases[0]!.flows[0]!.total.scheduled).toBe(120)
  })

  it('that is interrupted as well is interrupted, and says both', async () => {
    const interrupt = new AbortController()
    const result = await runSteady({
      ...endless,
      options: { interrupt: interrupt.signal },
      plugins: [
        {
          name: 'impatient',
          // the first interval after it was met: the drain
          hooks: { 'phase:end': () => interrupt.abort() },
        },
      ],
    })
    expect(result).toMatchObject({ reason: 'interrupted', exitCode: 130 })
    expect(firstOf(await readBack(result))).toMatchObject({
      reason: 'interrupted',
      aborted: expect.stringContaining('errors.rate') as string,
      checks: [{ name: 'abort.errors.rate', status: 'failed' }],
    })
  })

  it('is not aborted by what an interrupt leaves unanswered', async () => {
    const interrupt = new AbortController()
    const result = await runSteady({
      ...endless,
      workload: 'steady',
      abort: { 'errors.rate': '> 0% for 100ms' },
      options: { interrupt: interrupt.signal },
      reporter: { onInterval: ({ endMs }) => void (endMs > 300 && interrupt.abort()) },
    })
    expect(firstOf(result)).not.toHaveProperty('aborted')
    expect(firstOf(result).checks).toMatchObject([
      { status: 'skipped', actual: 'the scenario did not complete' },
    ])
  })

  it('leaves nothing in a service that was found', async () => {
    let said = ''
    const stream = {
      isTTY: false,
      columns: 80,
      color: false,
      write: (text: string) => void (said += text),
    }
    const result = await runSteady({
      ...endless,
      url: 'auto',
      options: {
        terminal: { stdout: stream, stderr: stream },
        provision: async () => ({ url: 'steady://found', origin: 'found', close: async () => {} }),
      },
    })
    expect(firstOf(result)).toMatchObject({ reason: 'failed', exitCode: 1, errors: [] })
    expect(said).toContain('cleaned up')
  })
})

describe('an alert', () => {
  it('fails a scenario that runs to its end', async () => {
    const result = await runSteady({
      durationMs: 1_000,
      intervalMs: 100,
      alerts: { rate: '< 1k/s for 500ms', 'errors.rate': '> 5% for 500ms', residency: 'falling' },
    })
    const { audits, checks, phases, reason } = firstOf(await readBack(result))
    expect(reason).toBe('failed')
    expect(phases[0]!.elapsedMs).toBe(1_000)
    expect(audits).toHaveLength(1)
    expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'alerts.rate failed',
      'alerts.errors.rate passed',
      'alerts.residency skipped',
    ])
  })

  it('of a result cannot be turned around', async () => {
    const result = await runSteady({
      durationMs: 600,
      intervalMs: 100,
      alerts: { rate: '< 1k/s for 300ms', 'errors.rate': '> 5%' },
    })
    const turn = (at: number, status: 'passed' | 'failed'): Promise<RunResult> => {
      const checks = result.checks.map((check, index) => (index === at ? { ...check, status } : check))
      return readBack({ ...result, checks, scenarios: [{ ...firstOf(result), checks }] })
    }
    await expect(turn(0, 'passed')).rejects.toThrow(/passed, although .* is < 1k\/s for 300ms/)
    await expect(turn(1, 'failed')).rejects.toThrow(/failed, although 0 % is not > 5%/)
    const aborted = { ...firstOf(result), aborted: 'after 1 s: of boredom' }
    await expect(readBack({ ...result, scenarios: [aborted] })).rejects.toThrow('no condition for it was met')
  })
})
