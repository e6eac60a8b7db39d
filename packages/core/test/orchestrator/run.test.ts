import { describe, expect, it } from 'vitest'
import type { FlowPlan } from '../../src/config/plan.ts'
import { measuredOf } from '../../src/metrics/metrics.ts'
import { runSteady } from '../support/run.ts'

/** A flow of a driver with several clients. */
function byClient(options: Readonly<Record<string, string>>): FlowPlan {
  return {
    name: 'main',
    driver: './two-clients.driver.ts',
    workload: undefined,
    target: { name: 'server', url: 'memory://here' },
    options,
  }
}

describe('a run', () => {
  it('tells its reporter everything, in order', async () => {
    const log: string[] = []
    const result = await runSteady({
      warmupMs: 300,
      durationMs: 500,
      reporter: {
        onRunStart: (run) => void log.push(`run start ${run.scenarios.map(({ id }) => id).join()}`),
        onScenarioStart: ({ id }) => void log.push(`scenario start ${id}`),
        onPhaseStart: ({ name, kind }) => void log.push(`phase start ${name} ${kind}`),
        onInterval: ({ phase }) => {
          if (log.at(-1) !== `interval ${phase.name}`) log.push(`interval ${phase.name}`)
        },
        onPhaseEnd: ({ phase }) => void log.push(`phase end ${phase.name}`),
        onScenarioEnd: ({ reason }) => void log.push(`scenario end ${reason}`),
        onRunEnd: ({ reason, exitCode }) => void log.push(`run end ${reason} ${exitCode}`),
        close: () => void log.push('close'),
      },
    })
    expect(log).toEqual([
      'run start steady',
      'scenario start steady',
      'phase start warmup warmup',
      'interval warmup',
      'phase end warmup',
      'phase start measure measure',
      'interval measure',
      'phase end measure',
      'scenario end passed',
      'run end passed 0',
      'close',
    ])
    expect(result.reason).toBe('passed')
  })

  it('measures all workers together, and every request is accounted for', async () => {
    const result = await runSteady({ workers: 3, durationMs: 1000, intervalMs: 200 })
    const scenario = result.scenarios[0]!
    const { flows } = measuredOf(scenario)
    expect(flows[0]!.total).toMatchObject({ scheduled: 100, ok: 100, unsent: 0 })
    expect(flows[0]!.counters['requests']).toBe(100)
    expect(flows[0]!.counters['cache.hits']).toBeGreaterThan(0)
    expect(flows[0]!.bytes.sent).toBe(1000)
    expect(Object.keys(flows[0]!.operations)).toContain('read')
    expect(scenario.phases[0]!.breaches).toEqual([])
    expect(scenario.phases[0]!.generators.map(({ worker }) => worker)).toEqual([0, 1, 2])
    expect(scenario.phases[0]!.generators.every(({ cpuMs, rssBytes }) => cpuMs > 0 && rssBytes > 0)).toBe(
      true,
    )
    expect(scenario.audits).toEqual([
      { name: 'stored', status: 'passed', examined: 33, violations: 0, flow: 'main' },
    ])
    expect(scenario.workers).toHaveLength(3)
  })

  it('keeps what the preparation of the target returned, by flow', async () => {
    const { scenarios } = await runSteady()
    expect(scenarios[0]!.prepared).toEqual({ main: { keys: 3 } })
  })

  it('adds its intervals up to its total', async () => {
    const result = await runSteady({ workers: 2, durationMs: 1000, intervalMs: 100 })
    const phase = result.scenarios[0]!.phases[0]!
    const sum = phase.intervals.reduce((all, { flows }) => all + flows[0]!.total.ok, 0)
    expect(sum).toBe(phase.flows[0]!.total.ok)
    expect(phase.intervals.length).toBeGreaterThan(1)
  })

  it('uses the driver’s loopback when there is no other target, and says so', async () => {
    const result = await runSteady({ url: 'auto', durationMs: 300 })
    expect(result.scenarios[0]!.scenario.flows[0]!.target).toEqual({
      name: 'server',
      url: 'steady://loopback',
      origin: 'loopback',
    })
  })

  it.each([
    [{}, { name: 'wire' }],
    [{ client: 'yaml' }, { name: 'yaml', version: expect.stringMatching(/^\d+\.\d+/) as string }],
  ])('says which client speaks to the target: %j', async (options, client) => {
    const { scenarios } = await runSteady({ durationMs: 300, scenarios: [{ flows: [byClient(options)] }] })
    expect(scenarios[0]!.scenario.flows[0]!.client).toEqual(client)
  })

  it('does not begin when the package of a client is not installed', async () => {
    const scenarios = [{ flows: [byClient({ client: 'missing' })] }]
    await expect(runSteady({ scenarios })).rejects.toMatchObject({
      code: 'CB_CLIENT_NOT_FOUND',
      next: 'npm install --save-dev no-such-client',
    })
  })

  it('uses a service that was found or started', async () => {
    const closed: string[] = []
    const result = await runSteady({
      url: 'auto',
      durationMs: 300,
      options: {
        provision: async ({ name, driver }) => ({
          url: `found://${name}/${driver}`,
          origin: 'found',
          close: async () => void closed.push(name),
        }),
      },
    })
    expect(result.scenarios[0]!.scenario.flows[0]!.target.origin).toBe('found')
    expect(closed).toEqual(['server'])
  })
})

describe('the end of a run', () => {
  it('is failed, exit 1, when a check fails', async () => {
    const result = await runSteady({ durationMs: 300, checks: { 'response.p99': '< 1us' } })
    expect(result.checks[0]).toMatchObject({ name: 'response.p99', status: 'failed' })
    expect([result.reason, result.exitCode]).toEqual(['failed', 1])
  })

  it('is failed, exit 1, when an audit fails', async () => {
    const result = await runSteady({ durationMs: 300, workload: 'half lost' })
    expect(result.scenarios[0]!.audits[0]).toMatchObject({ status: 'failed', violations: 5 })
    expect([result.reason, result.exitCode]).toEqual(['failed', 1])
  })

  it('is failed, exit 1, when a target answered every request with a failure: that was measured', async () => {
    const result = await runSteady({
      durationMs: 300,
      workload: 'failing',
      checks: { 'errors.rate': '< 1%' },
    })
    expect(result.checks[0]).toMatchObject({ status: 'failed', actual: '100 %, mostly nope' })
    expect(result.scenarios[0]!.errors).toEqual([])
    expect([result.reason, result.exitCode]).toEqual(['failed', 1])
  })

  it('is errored, exit 2, when no request was answered', async () => {
    const result = await runSteady({ durationMs: 300, workload: 'hanging up' })
    expect(result.scenarios[0]!.errors[0]!.message).toMatch(
      /none of \d+ requests was answered: \d+ lost their connection \(mostly ECONNRESET: the server hung up\)/,
    )
    expect([result.reason, result.exitCode]).toEqual(['errored', 2])
  })

  it('is errored, exit 2, when the target cannot be reached', async () => {
    const result = await runSteady({ durationMs: 300, workload: 'unreachable' })
    expect(result.scenarios[0]!.errors[0]).toMatchObject({
      source: 'target',
      during: 'opening of connections',
    })
    expect(result.scenarios[0]!.errors[0]!.message).toMatch(/ECONNREFUSED/)
    expect(result.exitCode).toBe(2)
  })

  it('is errored, exit 2, when a reporter fails: a missing file must not look green', async () => {
    const result = await runSteady({
      durationMs: 300,
      reporter: {
        onRunEnd: () => {
          throw new Error('no disk')
        },
      },
    })
    expect(result.errors).toEqual([{ source: 'probe', during: 'run:end', message: 'no disk' }])
    expect([result.reason, result.exitCode]).toEqual(['errored', 2])
  })

  it('is the worst of its scenarios, and a failed one does not stop the next', async () => {
    const flow = {
      name: 'main',
      driver: './steady.driver.ts',
      target: { name: 'server', url: 'x' },
      options: {},
    }
    const result = await runSteady({
      durationMs: 300,
      scenarios: [{ id: 'bad', flows: [{ ...flow, workload: 'unreachable' }] }, { id: 'good' }],
    })
    expect(result.scenarios.map(({ scenario, reason }) => `${scenario.id} ${reason}`)).toEqual([
      'bad errored',
      'good passed',
    ])
    expect(result.exitCode).toBe(2)
  })

  it('is interrupted, exit 130, with the results of what ran', async () => {
    const interrupt = new AbortController()
    const durationMs = 60_000
    const result = await runSteady({
      durationMs,
      load: { model: 'closed', connections: 2, thinkMs: 0 },
      options: { interrupt: interrupt.signal },
      reporter: {
        onInterval: ({ endMs }) => {
          if (endMs > 500) interrupt.abort()
        },
      },
    })
    expect([result.reason, result.exitCode]).toEqual(['interrupted', 130])
    expect(measuredOf(result.scenarios[0]!).flows[0]!.total.ok).toBeGreaterThan(0)
    expect(result.scenarios[0]!.phases[0]!.elapsedMs).toBeLessThan(durationMs)
    expect(result.scenarios[0]!.phases[0]!.breaches).toEqual([])
  })

  it('keeps secrets out of every message', async () => {
    const result = await runSteady({
      durationMs: 300,
      workload: 'unreachable',
      redact: (text) => text.replaceAll('127.0.0.1', '***'),
    })
    expect(JSON.stringify(result.scenarios[0]!.errors)).not.toContain('127.0.0.1')
    expect(result.scenarios[0]!.errors[0]!.message).toContain('***')
  })
})
