import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import { parseRef } from '../../src/config/plugin-ref.ts'
import { load, loadTree, project, refusal, shown } from './project.ts'

const flow = { target: 'http://a:1', driver: 'http' }

it('applies shortcuts to every selected scenario, and to no other', async () => {
  const flags = {
    duration: '10s',
    warmup: '0s',
    rate: '200/s',
    connections: '7',
    workers: '4',
    dispatch: 'spin',
    seed: '9',
    interval: '500ms',
  }
  const config = await load({ flags, scenarios: ['http-json-api'] })
  const plan = makePlan(config)
  expect(plan.scenarios).toMatchObject([
    {
      id: 'http-json-api',
      workers: 4,
      dispatch: 'spin',
      seed: 9,
      intervalMs: 500,
      phases: [{ name: 'measure', durationMs: 10_000, loads: { main: { model: 'open', connections: 7 } } }],
    },
  ])
  expect(shown(config, 'scenarios.http-json-api.duration')).toBe('10s (--duration)')
  expect(shown(config, 'scenarios.redis-read-heavy.duration')).toBe('absent')
})

it('takes a number of workers, or auto', async () => {
  const planned = async (workers: string) =>
    makePlan(await load({ flags: { workers }, scenarios: ['http-json-api'] }))
  expect((await planned('auto')).scenarios[0]!.workers).toBe('auto')
  expect((await planned('3')).scenarios[0]!.workers).toBe(3)
  for (const wrong of ['0', 'many', '-1', 'AUTO'])
    expect(await refusal(() => planned(wrong))).toContain(wrong)
})

it('refuses --rate and --connections where they could mean several flows', async () => {
  const tree = { scenarios: { s: { flows: { a: flow, b: flow } } } }
  expect(await refusal(() => loadTree(tree, { flags: { rate: '200/s' } }))).toBe(
    [
      'CB_USAGE: --rate is ambiguous, s has several flows: a, b',
      '  next: --set scenarios.s.flows.a.rate=200/s',
    ].join('\n'),
  )
  expect(await refusal(() => loadTree(tree, { flags: { connections: '5' } }))).toContain(
    'next: --set scenarios.s.flows.a.connections=5',
  )
})

it('refuses shortcuts that would contradict stages and phases', async () => {
  const staged = { scenarios: { s: { ...flow, stages: [{ duration: '1s', rate: 5 }] } } }
  expect(await refusal(() => loadTree(staged, { flags: { duration: '5s' } }))).toContain(
    "--duration does not apply to s, whose stages set how long it takes\n  next: --set 'scenarios.s.flows.main.stages[0].duration=…'",
  )
  expect(await refusal(() => loadTree(staged, { flags: { rate: '5/s' } }))).toContain(
    '--rate does not apply to s, whose stages set the rate',
  )
  const phased = { scenarios: { s: { ...flow, phases: [{ name: 'a', duration: '1s' }] } } }
  expect(await refusal(() => loadTree(phased, { flags: { warmup: '5s' } }))).toContain(
    '--warmup does not apply to s, whose phases set how long it takes',
  )
})

it('refuses values without a unit, with the name of the flag', async () => {
  expect(await refusal(() => load({ flags: { duration: '10' } }))).toContain(
    'CB_UNIT: --duration: 10 what? A duration needs a unit\n',
  )
  expect(await refusal(() => load({ flags: { dispatch: 'spn' }, scenarios: ['http-json-api'] }))).toBe(
    [
      'CB_CONFIG: --dispatch is "spn"',
      '  expected: one of tick, hybrid, spin, timer',
      '  next: did you mean spin?',
    ].join('\n'),
  )
})

it('replaces the configured reporters and environments', async () => {
  const config = await load({
    reporters: ['json', './mine.ts', ['junit', { file: 'x.xml' }]],
    environment: ['memory'],
  })
  expect(config.reporters).toEqual([
    { specifier: 'json', options: {} },
    { specifier: './mine.ts', options: {} },
    { specifier: 'junit', options: { file: 'x.xml' } },
  ])
  expect(shown(config, 'environment')).toBe('["memory"] (--environment)')
})

it('reads a plugin from a command line', async () => {
  expect(parseRef('json', '--reporter')).toBe('json')
  expect(parseRef('[junit, {file: x.xml}]', '--reporter')).toEqual(['junit', { file: 'x.xml' }])
  expect(await refusal(() => parseRef('[json, 5]', '--reporter'))).toContain(
    'CB_USAGE: --reporter does not name a plugin',
  )
  expect(await refusal(() => parseRef('[json, [5]]', '--reporter'))).toContain(
    'CB_USAGE: --reporter does not name a plugin',
  )
  expect(await refusal(() => parseRef('[json', '--reporter'))).toContain(
    'CB_USAGE: the value of --reporter cannot be read',
  )
  expect(await refusal(() => parseRef('', '--environment'))).toContain(
    'CB_USAGE: --environment does not name a plugin',
  )
})

it('takes --output from where cloudbench was started, and output from where the config file is', async () => {
  const cwd = project({ 'deep/my.yaml': 'output: results' })
  const configured = await load({ cwd, configFile: 'deep/my.yaml' })
  expect(makePlan(configured).outputFolder).toBe(join(cwd, 'deep/results'))
  const flagged = await load({ cwd, configFile: 'deep/my.yaml', flags: { output: 'out' } })
  expect(makePlan(flagged).outputFolder).toBe(join(cwd, 'out'))
  expect(makePlan(await load({ cwd })).outputFolder).toBe(join(cwd, '.cloudbench'))
})
