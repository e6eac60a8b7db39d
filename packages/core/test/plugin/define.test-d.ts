import { z } from '@cloudbench/schema'
import { expectTypeOf, it } from 'vitest'
import type {
  CheckResult,
  FactName,
  Facts,
  HistogramBucket,
  HistogramView,
  Json,
  KnownFacts,
  MachineSignals,
  Plugin,
  ScenarioResult,
  TaskContext,
} from '../../src/index.ts'
import { defineDriver, defineEnvironment, defineReporter, defineWorkload } from '../../src/index.ts'

it('gives a driver the output of its schema as options', () => {
  defineDriver({
    name: 'x',
    options: z.object({ key: z.string().default('a') }),
    connect({ options, outcome }) {
      expectTypeOf(options).toEqualTypeOf<{ key: string }>()
      const ok = outcome('ok')
      return { request: async () => ok, close: () => {} }
    },
  })
})

it('gives a workload its own options', () => {
  defineWorkload({
    options: z.object({ depth: z.number() }),
    connect({ options, outcome }) {
      expectTypeOf(options.depth).toBeNumber()
      // @ts-expect-error there is no such option
      void options.height
      const ok = outcome('ok')
      return { issue: (slot) => slot.done(ok), close: () => {} }
    },
  })
})

it('refuses a type for options without a schema, and says so', () => {
  // @ts-expect-error no schema
  defineDriver<{ key?: string }>({ name: 'x', connect: () => ({ close: () => {} }) })
  // @ts-expect-error no schema
  defineWorkload<{ key?: string }>({ connect: () => ({ close: () => {} }) })
  // @ts-expect-error no schema
  defineEnvironment<{ key?: string }>({ name: 'x' })
  // @ts-expect-error no schema
  defineReporter<{ key?: string }>({ name: 'x', create: () => ({}) })
})

it('lets functions that the workloads of a driver share know their options', () => {
  defineDriver({
    name: 'x',
    workloads: { get: defineWorkload({ options: z.object({ key: z.string() }) }) },
    cleanup: ({ options }: TaskContext<{ readonly key: string }>) => {
      expectTypeOf(options.key).toBeString()
    },
  })
})

it('gives a plugin without a schema no options', () => {
  defineDriver({
    name: 'x',
    connect({ options }) {
      // @ts-expect-error there is none
      void options.key
      return { close: () => {} }
    },
  })
})

it('refuses what breaks the contract', () => {
  // @ts-expect-error a driver has a name
  defineDriver({ connect: () => ({ close: () => {} }) })
  // @ts-expect-error a connection can be closed
  defineDriver({ name: 'x', connect: () => ({ request: async () => {} }) })
  // @ts-expect-error a request resolves with an outcome, not with a string
  defineDriver({ name: 'x', connect: () => ({ request: async () => 'ok', close: () => {} }) })
  // @ts-expect-error discover answers with facts
  defineEnvironment({ name: 'x', discover: () => 7 })
  // @ts-expect-error a reporter is made by create
  defineReporter({ name: 'x', onRunEnd: () => {} })
  // @ts-expect-error facts are JSON
  defineEnvironment({ name: 'x', discover: () => ({ at: new Date() }) })
})

it('shows a reporter what it receives as read-only', () => {
  defineReporter({
    name: 'x',
    create: () => ({
      onInterval(interval) {
        // @ts-expect-error payloads are shared by all reporters
        interval.startMs = 0
      },
      onRunEnd({ exitCode }) {
        expectTypeOf(exitCode).toBeNumber()
      },
    }),
  })
})

it('takes the claim of a reporter from its options', () => {
  defineReporter({
    name: 'x',
    options: z.object({ stdout: z.boolean().default(true) }),
    terminal(options) {
      expectTypeOf(options).toEqualTypeOf<{ stdout: boolean }>()
      return options.stdout ? 'stdout' : undefined
    },
    create({ terminal }) {
      expectTypeOf(terminal.screen).toEqualTypeOf(terminal.stderr)
      return {}
    },
  })
  defineReporter({ name: 'x', terminal: 'screen', create: () => ({}) })
  // @ts-expect-error a claim must name a stream
  defineReporter({ name: 'x', terminal: true, create: () => ({}) })
  // @ts-expect-error there is no such stream
  defineReporter({ name: 'x', terminal: () => 'stdin', create: () => ({}) })
})

it('lets an environment append to the command line of a worker', () => {
  defineEnvironment({
    name: 'x',
    launch({ wrap, worker }) {
      wrap.push('nice')
      // @ts-expect-error a plugin cannot change which worker it is
      worker.index = 3
    },
  })
})

it('gives well-known facts their type, and lets all others be any JSON', () => {
  expectTypeOf<Facts['cpu.count']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<Facts['cloud.zone']>().toEqualTypeOf<string | undefined>()
  expectTypeOf<Facts['numa.nodes']>().toEqualTypeOf<Json>()
  expectTypeOf<KnownFacts>().toHaveProperty('memory.limitBytes').toEqualTypeOf<number | undefined>()
  expectTypeOf<keyof KnownFacts>().toEqualTypeOf<FactName>()
  defineEnvironment({ name: 'x', discover: () => ({ 'cpu.count': 2, 'numa.nodes': [0, 1] }) })
  // @ts-expect-error a count is a number
  defineEnvironment({ name: 'x', discover: () => ({ 'cpu.count': '2' }) })
  // @ts-expect-error a zone is a string, and is left out where it is not known
  defineEnvironment({ name: 'x', discover: () => ({ 'cloud.zone': null }) })
})

it('lets an environment derive settings, each with its reason', () => {
  defineEnvironment({
    name: 'x',
    options: z.object({ perNode: z.number() }),
    derive({ options, facts }) {
      expectTypeOf(options).toEqualTypeOf<{ perNode: number }>()
      expectTypeOf(facts['machine']?.['cpu.count']).toEqualTypeOf<number | undefined>()
      return [{ path: 'defaults.workers', value: options.perNode, reason: 'two nodes' }]
    },
  })
  // @ts-expect-error a reason is required
  defineEnvironment({ name: 'x', derive: () => [{ path: 'defaults.workers', value: 2 }] })
  // @ts-expect-error settings are JSON
  defineEnvironment({ name: 'x', derive: () => [{ path: 'a', value: new Date(), reason: 'now' }] })
})

it('lets an environment watch, and requires how each signal adds up', () => {
  defineEnvironment({
    name: 'x',
    watch: () => ({ signals: { usedBytes: 'gauge' }, read: () => ({ usedBytes: 1 }), close: () => {} }),
  })
  // @ts-expect-error there are gauges and counters
  defineEnvironment({ name: 'x', watch: () => ({ signals: { a: 'sum' }, read: () => ({}), close() {} }) })
  // @ts-expect-error signals are declared
  defineEnvironment({ name: 'x', watch: () => ({ read: () => ({}), close: () => {} }) })
  // @ts-expect-error samples are numbers
  defineEnvironment({ name: 'x', watch: () => ({ signals: {}, read: () => ({ a: '1' }), close() {} }) })
  // @ts-expect-error a watcher can be closed
  defineEnvironment({ name: 'x', watch: () => ({ signals: {}, read: () => ({}) }) })
})

it('shows reporters what was sampled, by machine and signal', () => {
  defineReporter({
    name: 'x',
    create: () => ({
      onInterval({ signals }) {
        expectTypeOf(signals).toEqualTypeOf<readonly MachineSignals[]>()
        expectTypeOf(signals[0]?.gauges['memory.usedBytes']?.max).toEqualTypeOf<number | undefined>()
        // @ts-expect-error payloads are shared by all reporters
        signals[0]!.counters['x'] = 1
      },
    }),
  })
})

it('lets anyone implement a histogram, and reporters read its buckets', () => {
  const view: HistogramView = {
    count: 1,
    min: 5,
    max: 5,
    mean: 5,
    sum: 5,
    overflow: 0,
    percentile: () => 5,
    countAtMost: (valueNs) => (valueNs < 5 ? 0 : 1),
    buckets: () => [{ lowestNs: 5, highestNs: 5, count: 1 }],
    encode: () => '',
  }
  expectTypeOf(view.countAtMost(5)).toBeNumber()
  defineReporter({
    name: 'x',
    create: () => ({
      onPhaseEnd({ flows }) {
        expectTypeOf(flows[0]!.total.response.buckets()).toEqualTypeOf<Iterable<HistogramBucket>>()
        // @ts-expect-error how the host stores it is its own business
        void flows[0]!.total.response.data
      },
    }),
  })
})

it('lets a hook evaluate a scenario before it has a verdict, and append checks', () => {
  const check: CheckResult = {
    name: 'baseline',
    scenario: 'reads',
    status: 'failed',
    expected: '<= 5 %',
    actual: '7 %',
    value: 0.07,
    limit: 0.05,
    unit: 'share',
  }
  const plugin: Plugin = {
    name: 'x',
    hooks: {
      'scenario:evaluate'(result, checks) {
        expectTypeOf(result).toEqualTypeOf<Omit<ScenarioResult, 'reason' | 'exitCode'>>()
        // @ts-expect-error what the checks decide is not known yet
        void result.exitCode
        checks.push(check)
        // @ts-expect-error a value is a number
        checks.push({ ...check, value: '7 %' })
        // @ts-expect-error there is no such unit
        checks.push({ ...check, unit: 'percent' })
      },
    },
  }
  expectTypeOf(plugin.hooks['scenario:evaluate']).not.toBeAny()
})
