import { describe, expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import type { PhasePlan } from '../../src/config/plan.ts'
import { loadTree, refusal } from './project.ts'

const target = { target: 'http://a:1', driver: 'http' }

async function phases(scenario: object, defaults: object = {}): Promise<readonly PhasePlan[]> {
  return makePlan(await loadTree({ defaults, scenarios: { s: { ...target, ...scenario } } })).scenarios[0]!
    .phases
}
const refused = (scenario: object, defaults?: object) => refusal(() => phases(scenario, defaults))

describe('the load of a flow', () => {
  it('is a closed loop of ten connections, half a minute after five seconds of warm-up', async () => {
    const main = { model: 'closed', connections: 10, thinkMs: 0 }
    expect(await phases({})).toEqual([
      { name: 'warmup', kind: 'warmup', durationMs: 5000, loads: { main } },
      { name: 'measure', kind: 'measure', durationMs: 30_000, loads: { main } },
    ])
  })

  it('is an open loop where there is a rate', async () => {
    const [warmup, measure] = await phases({ rate: '30/m', arrivals: 'poisson', connections: '2' })
    const steady = (durationMs: number) => ({
      model: 'open',
      connections: 2,
      arrivals: 'poisson',
      stages: [{ durationMs, fromPerSecond: 0.5, toPerSecond: 0.5 }],
    })
    expect(warmup!.loads['main']).toEqual(steady(5000))
    expect(measure!.loads['main']).toEqual(steady(30_000))
  })

  it('follows stages: ramps, steps and spikes', async () => {
    const stages = [
      { duration: '10s', rate: '100/s' },
      { duration: 0, rate: '500/s' },
      { duration: '5s', rate: '500/s' },
      { duration: '1s', rate: 0 },
    ]
    const [warmup, measure] = await phases({ rate: '20/s', stages })
    expect(warmup!.loads['main']).toMatchObject({
      stages: [{ durationMs: 5000, fromPerSecond: 20, toPerSecond: 20 }],
    })
    expect(measure).toMatchObject({
      durationMs: 16_000,
      loads: {
        main: {
          stages: [
            { durationMs: 10_000, fromPerSecond: 20, toPerSecond: 100 },
            { durationMs: 5000, fromPerSecond: 500, toPerSecond: 500 },
            { durationMs: 1000, fromPerSecond: 500, toPerSecond: 0 },
          ],
        },
      },
    })
  })

  it('starts stages at 0 without a rate, and at the first step', async () => {
    const [, ramp] = await phases({ stages: [{ duration: '1s', rate: 5 }] })
    expect(ramp!.loads['main']).toMatchObject({
      model: 'open',
      stages: [{ fromPerSecond: 0, toPerSecond: 5 }],
    })
    const [warmup] = await phases({
      stages: [
        { duration: 0, rate: 7 },
        { duration: '1s', rate: 7 },
      ],
    })
    expect(warmup!.loads['main']).toMatchObject({ stages: [{ fromPerSecond: 7, toPerSecond: 7 }] })
  })

  it('has no warm-up phase when that takes no time', async () => {
    expect((await phases({ warmup: '0s', duration: '1s' })).map(({ name }) => name)).toEqual(['measure'])
  })

  it('takes from the defaults what the flow does not set', async () => {
    const [, measure] = await phases({ duration: '1s' }, { rate: 9, connections: 3, arrivals: 'poisson' })
    expect(measure).toMatchObject({
      durationMs: 1000,
      loads: { main: { model: 'open', connections: 3, arrivals: 'poisson' } },
    })
    const [closed] = await phases({ think: '1ms' }, { rate: 9 })
    expect(closed!.loads['main']).toEqual({ model: 'closed', connections: 10, thinkMs: 1 })
    const [open] = await phases({ rate: 5 }, { think: '1ms' })
    expect(open!.loads['main']).toMatchObject({ model: 'open' })
  })

  it('refuses contradictions', async () => {
    const stages = [{ duration: '1s', rate: 5 }]
    expect(await refused({ rate: 5, think: '1ms' })).toMatch(
      /^CB_CONFIG: scenarios\.s\.flows\.main\.think \(cloudbench\.config\.json:1:\d+\): a flow with a rate has no think time\n/,
    )
    expect(await refused({ stages, think: '1ms' })).toContain('a flow with stages has no think time')
    expect(await refused({}, { rate: 5, think: '1ms' })).toContain('a flow with a rate has no think time')
    expect(await refused({ rate: 0 })).toContain('a rate of 0 sends nothing')
    expect(await refused({ duration: '0s' })).toContain('duration must be greater than 0')
    expect(await refused({ stages, duration: '2s' })).toContain('is 2s, but the stages of main take 1 s')
    expect(await phases({ stages, duration: '1000ms' })).toHaveLength(2)
    expect(await refused({ stages: [{ duration: '1s', rate: 0 }] })).toContain('the rate is 0 in every stage')
    expect(await refused({ stages: [{ duration: 0, rate: 5 }] })).toContain('the stages have no duration')
    expect(await refused({ interval: '0s' })).toContain('scenarios.s.interval')
    expect(await refused({ timeout: '0s' })).toContain('is too short\n  expected: at least 1ms')
  })

  it('takes the time of stages from the flow that has them', async () => {
    const flows = (second: object) => ({
      target: undefined,
      driver: undefined,
      flows: { a: { ...target, stages: [{ duration: '1s', rate: 5 }] }, b: { ...target, ...second } },
    })
    const [, measure] = await phases(flows({ rate: 3 }))
    expect(measure).toMatchObject({
      durationMs: 1000,
      loads: { b: { stages: [{ durationMs: 1000, fromPerSecond: 3 }] } },
    })
    expect(await refused(flows({ stages: [{ duration: '2s', rate: 5 }] }))).toContain(
      'the stages of a take 1 s, those of b 2 s\n  expected: the same time',
    )
  })

  it('follows a list of phases', async () => {
    const list = [
      { name: 'warm', kind: 'warmup', duration: '1s' },
      { name: 'low', duration: '2s', rate: 10 },
      { name: 'high', duration: '3s', rate: 20, connections: 50 },
    ]
    const planned = await phases({ phases: list, connections: 5 })
    expect(
      planned.map(({ name, kind, durationMs, loads }) => [name, kind, durationMs, loads['main']]),
    ).toEqual([
      ['warm', 'warmup', 1000, { model: 'closed', connections: 5, thinkMs: 0 }],
      [
        'low',
        'measure',
        2000,
        {
          model: 'open',
          connections: 5,
          arrivals: 'constant',
          stages: [{ durationMs: 2000, fromPerSecond: 10, toPerSecond: 10 }],
        },
      ],
      [
        'high',
        'measure',
        3000,
        {
          model: 'open',
          connections: 50,
          arrivals: 'constant',
          stages: [{ durationMs: 3000, fromPerSecond: 20, toPerSecond: 20 }],
        },
      ],
    ])
  })

  it('refuses lists of phases that contradict themselves', async () => {
    const one = { name: 'a', duration: '1s' }
    expect(await refused({ phases: [one], duration: '5s' })).toContain(
      'the phases already set how long everything takes\n  next: remove duration',
    )
    expect(await refused({ phases: [one], stages: [{ duration: '1s', rate: 5 }] })).toContain(
      'a scenario can have stages or phases, not both',
    )
    expect(await refused({ phases: [one, one] })).toContain('there are two phases called a')
    expect(await refused({ phases: [{ ...one, kind: 'warmup' }] })).toContain('every phase is a warm-up')
    expect(await refused({ phases: [{ ...one, duration: 0 }] })).toContain('duration must be greater than 0')
    expect(await refused({ phases: [{ ...one, rate: 0 }] })).toContain('a rate of 0 sends nothing')
    expect(await refused({ phases: [{ ...one, rate: 5 }], think: '1s' })).toContain(
      'flow main has think time',
    )
    const flows = { target: undefined, driver: undefined, flows: { a: target, b: target } }
    expect(await refused({ ...flows, phases: [{ ...one, rate: 5 }] })).toContain(
      'is ambiguous, the scenario has several flows: a, b',
    )
    expect(await phases({ ...flows, phases: [one] })).toHaveLength(1)
  })
})

it('has patience with a driver for ten minutes, or as long as is written', async () => {
  const patience = async (scenario: object) =>
    makePlan(await loadTree({ scenarios: { s: { ...target, ...scenario } } })).scenarios[0]!.patienceMs
  expect(await patience({})).toBe(600_000)
  expect(await patience({ patience: '1h' })).toBe(3_600_000)
  expect(await refused({ patience: 0 })).toContain('patience (cloudbench.config.json:1:')
})
