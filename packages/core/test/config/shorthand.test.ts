import { describe, expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import { load, loadTree, refusal, shown } from './project.ts'

describe('short forms', () => {
  it('makes one scenario of what is written at the top', async () => {
    const config = await loadTree({
      name: 'health',
      target: 'http://10.0.0.4:8080',
      driver: ['http', { path: '/health' }],
      environment: ['imds', 'numa', ['memory', { maxOldSpaceMb: 512 }]],
      workers: 4,
      phases: [
        { name: 'warm', kind: 'warmup', connections: 64, durationMs: 5_000 },
        { name: '20k', rate: 20_000, connections: 256, durationMs: 60_000 },
      ],
      checks: { 'response.p99': '< 25ms', 'errors.rate': '<= 0.1%', 'lag.p99': '< 1ms' },
      reporters: ['default', ['junit', { file: 'cloudbench.xml' }]],
    })
    const plan = makePlan(config)
    expect(plan.scenarios).toHaveLength(1)
    expect(plan.scenarios[0]).toMatchObject({
      id: 'health',
      workers: 4,
      flows: [
        {
          name: 'main',
          driver: 'http',
          target: { name: 'http://10.0.0.4:8080', url: 'http://10.0.0.4:8080' },
          options: { path: '/health' },
        },
      ],
      phases: [
        {
          name: 'warm',
          kind: 'warmup',
          durationMs: 5000,
          loads: { main: { model: 'closed', connections: 64 } },
        },
        {
          name: '20k',
          kind: 'measure',
          durationMs: 60_000,
          loads: {
            main: {
              model: 'open',
              connections: 256,
              stages: [{ durationMs: 60_000, fromPerSecond: 20_000, toPerSecond: 20_000 }],
            },
          },
        },
      ],
    })
    expect(plan.scenarios[0]!.checks.map(({ name }) => name)).toEqual([
      'response.p99',
      'errors.rate',
      'lag.p99',
    ])
    expect(plan.environment).toEqual([
      { specifier: 'imds', options: {} },
      { specifier: 'numa', options: {} },
      { specifier: 'memory', options: { maxOldSpaceMb: 512 } },
    ])
    expect(plan.reporters[1]).toEqual({ specifier: 'junit', options: { file: 'cloudbench.xml' } })
  })

  it('calls the scenario main when there is no name', async () => {
    expect((await loadTree({ target: 'http://a:1', driver: 'http' })).selected).toEqual(['main'])
  })

  it('lets higher layers set only what differs', async () => {
    const files = {
      'cloudbench.config.yaml': 'target: http://a:1\ndriver: http\nrate: 10',
      'config/baseline/ci.yaml': 'rate: 20\nduration: 3s',
    }
    const config = await load({ files, baselines: ['ci'], set: ['warmup=0s'] })
    expect(shown(config, 'scenarios.main.flows.main.rate')).toBe('20 (config/baseline/ci.yaml:1:1)')
    expect(shown(config, 'scenarios.main.duration')).toBe('3s (config/baseline/ci.yaml:2:1)')
    expect(shown(config, 'scenarios.main.warmup')).toBe('0s (--set)')
  })

  it('means the one flow a scenario has, whatever its name', async () => {
    const tree = { scenarios: { s: { flows: { reads: { target: 'http://a:1', driver: 'http', rate: 1 } } } } }
    const config = await loadTree(tree, { set: ['scenarios.s.rate=5'] })
    expect(shown(config, 'scenarios.s.flows.reads.rate')).toBe('5 (--set)')
    expect(Object.keys(config.tree.scenarios!['s']!.flows!)).toEqual(['reads'])
  })

  it('asks which flow is meant when there are several', async () => {
    const flow = { target: 'http://a:1', driver: 'http' }
    const tree = { scenarios: { s: { flows: { a: flow, b: flow } } } }
    expect(await refusal(() => loadTree(tree, { set: ['scenarios.s.rate=5'] }))).toBe(
      [
        'CB_CONFIG: scenarios.s.rate is ambiguous, the scenario has several flows: a, b (--set)',
        '  expected: the name of one of them',
        '  next: write scenarios.s.flows.a.rate',
      ].join('\n'),
    )
  })

  it('says where a setting for every scenario goes', async () => {
    expect(await refusal(() => loadTree({ duration: '10s' }))).toBe(
      [
        'CB_CONFIG: duration is not a setting (cloudbench.config.json:1:2)',
        '  next: write defaults.duration for every scenario, or scenarios.<name>.duration for one',
      ].join('\n'),
    )
    expect(await refusal(() => load({ set: ['stages=[]'] }))).toContain('next: write scenarios.<name>.stages')
  })

  it('merges the options beside a driver with those written out', async () => {
    const config = await loadTree({
      target: 'http://a:1',
      driver: ['http', { path: '/', a: { b: 1 } }],
      options: { a: { c: 2 } },
    })
    expect(config.tree.scenarios!['main']!.flows!['main']!.options).toEqual({ path: '/', a: { b: 1, c: 2 } })
    const bad = await refusal(() => loadTree({ target: 'http://a:1', driver: ['http', 5] }))
    expect(bad).toContain('scenarios.main.flows.main.driver (cloudbench.config.json:1:24) is a list')
  })
})
