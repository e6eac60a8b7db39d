import type {
  AuditResult,
  CheckResult,
  EndReason,
  RunError,
  RunResult,
  ScenarioResult,
} from '@cloudbench/core'
import { measuredOf } from '@cloudbench/core'
import { generatorLimited, hiccup, saturated, stolen, unseen } from './doubts.ts'
import { flowOf } from './measured.ts'
import { type Part, phaseOf, resultOf, startedAt } from './phase.ts'
import { type Doubts, verdictOf } from './verdict.ts'
import { withViews } from './view.ts'

interface Screenplay {
  readonly id?: string
  readonly description?: string
  readonly flows?: readonly string[]
  readonly reason: EndReason
  readonly aborted?: string
  readonly parts: readonly Part[]
  readonly checks?: readonly Omit<CheckResult, 'scenario'>[]
  readonly audits?: readonly (AuditResult & { readonly flow: string })[]
  readonly errors?: readonly RunError[]
  /** Without, the scenario has no verdict, as in results of older versions. */
  readonly doubts?: Doubts
  /** Its worker was placed on a NUMA node. */
  readonly isPlaced?: boolean
}

const exitCodes: Readonly<Record<EndReason, number>> = {
  passed: 0,
  failed: 1,
  invalid: 3,
  errored: 2,
  interrupted: 130,
}

const second = 1_000
const hour = 3_600 * second

/** Letters of many scripts, a line break, a control character, and what means something in paths, tags and tables. */
const strange =
  '../../x Größe 漢字 🚀 שלום "q" \'a\' <b>&amp;</b> ]]> --> | * ` \\ \u0007\u001B[31m\n\u2028%s ${x}'

/** What a name may contain of that: it becomes part of the names of files. */
const strangeName = 'x Größe 漢字 🚀 שלום "q" \'a\' <b>&amp;</b> ]]> --> | * ` %s ${x}'

function steady(count: number, flows: readonly string[] = ['main'], outcome?: string): Part['intervals'] {
  const measured = flows.map((flow) => flowOf(flow, { get: { ok: 90 }, set: { ok: 10 } }, outcome))
  return Array.from({ length: count }, () => measured)
}

const warmup: Part = { name: 'warm-up', kind: 'warmup', durationMs: 2 * second, intervals: steady(2) }
const measure: Part = { name: 'measure', kind: 'measure', durationMs: 3 * second, intervals: steady(3) }
const passedCheck = { name: 'response.p99', status: 'passed', expected: '< 25ms', actual: '0.3 ms' } as const

/** What hooks added to a scenario, and to the run. */
const hooked = {
  name: 'baseline',
  status: 'failed',
  expected: 'at most 5 % slower',
  actual: '7 % slower',
  value: 0.07,
  limit: 0.05,
  unit: 'share',
  addedBy: { plugin: 'compare', hook: 'scenario:evaluate' },
} as const
const { value: _, ...withoutValue } = hooked
const ofTheRun: CheckResult = {
  ...hooked,
  scenario: '',
  addedBy: { plugin: 'compare', hook: 'run:evaluate' },
}

const rateCheck = { name: 'rate', status: 'passed', expected: '>= 95/s', actual: '100/s' } as const
/** Neither passed nor failed. */
const invalidCheck = {
  ...passedCheck,
  status: 'invalid',
  actual: '0.3 ms, which does not measure the target (GENERATOR_LIMITED)',
  validity: 'invalid',
} as const

const troubled = [flowOf('main', { get: { ok: 70, failed: 12, timedOut: 3, unsent: 5 }, set: { ok: 10 } })]

/** What reporters have to cope with. */
const screenplays = {
  passed: [{ reason: 'passed', parts: [warmup, measure], checks: [passedCheck] }],
  failed: [
    {
      reason: 'failed',
      parts: [{ ...measure, intervals: [...steady(1), troubled, troubled] }],
      checks: [
        passedCheck,
        hooked,
        { name: 'errors.rate', status: 'failed', expected: '<= 0.1%', actual: '5.4 %' },
        { ...withoutValue, name: 'last month', status: 'skipped', actual: 'there is no baseline' },
      ],
      audits: [
        {
          flow: 'main',
          name: 'acknowledged writes are stored',
          status: 'failed',
          examined: 30,
          violations: 2,
          message: 'key 7 and key 9 are gone',
        },
      ],
    },
    { id: 'second', reason: 'passed', parts: [measure], flows: ['main', 'other'] },
  ],
  errored: [
    {
      reason: 'errored',
      parts: [
        { ...measure, intervals: steady(1), elapsedMs: second, breaches: ['sent 100, accounted for 99'] },
      ],
      errors: [
        {
          source: 'worker 0',
          during: 'load',
          message: 'exited with code 1; it said nothing',
          scenario: 'reads',
        },
        { source: 'redis', during: 'load', message: 'the connection was refused', scenario: 'reads' },
      ],
    },
    {
      id: 'never begun',
      reason: 'errored',
      parts: [],
      errors: [
        { source: 'target', during: 'start', message: 'nothing listens there', scenario: 'never begun' },
      ],
    },
  ],
  aborted: [
    {
      reason: 'failed',
      aborted: 'after 12 s: errors.rate 34 % > 20 % for 10 s',
      // a phase that it did not reach is none of its result
      parts: [warmup, { ...measure, intervals: [troubled], elapsedMs: 1_250 }],
      checks: [
        { ...passedCheck, status: 'skipped', actual: 'the scenario was aborted' },
        {
          name: 'abort.errors.rate',
          status: 'failed',
          expected: 'not > 20% for 10s',
          actual: '34 % after 12 s, mostly 503',
          value: 0.34,
          limit: 0.2,
          unit: 'share',
        },
      ],
    },
    { id: 'second', reason: 'passed', parts: [measure] },
  ],
  interrupted: [
    {
      reason: 'interrupted',
      parts: [warmup, { ...measure, intervals: steady(1), elapsedMs: 1_250 }],
      checks: [{ ...passedCheck, status: 'skipped', actual: 'the run was interrupted' }],
    },
  ],
  idle: [
    {
      reason: 'errored',
      parts: [{ ...measure, intervals: [[flowOf('main', {})], [flowOf('main', {})]] }],
      errors: [{ source: 'target', during: 'load', message: 'nothing was sent', scenario: 'reads' }],
    },
  ],
  empty: [],
  doubtful: [
    { reason: 'passed', parts: [warmup, measure], checks: [passedCheck], doubts: hiccup },
    {
      id: 'neighbours',
      isPlaced: true,
      reason: 'passed',
      parts: [measure],
      checks: [
        { ...passedCheck, validity: 'suspect' },
        { ...rateCheck, validity: 'suspect' },
      ],
      doubts: stolen,
    },
    {
      id: 'unseen',
      reason: 'passed',
      parts: [{ ...measure, intervals: steady(3, ['main', 'other']) }],
      flows: ['main', 'other'],
      checks: [{ ...rateCheck, validity: 'unknown' }],
      doubts: unseen,
    },
  ],
  invalid: [
    {
      reason: 'invalid',
      parts: [{ ...measure, intervals: [troubled, troubled] }],
      checks: [invalidCheck, { ...invalidCheck, name: 'rate', expected: '>= 95/s', actual: '81/s' }],
      doubts: generatorLimited,
    },
    {
      id: 'overload',
      reason: 'invalid',
      parts: [measure],
      checks: [
        { ...passedCheck, name: 'response.p50', status: 'failed', expected: '< 0.2ms', validity: 'invalid' },
        { ...invalidCheck, actual: 'at least 0.3 ms, for the target was saturated' },
        rateCheck,
      ],
      doubts: saturated,
    },
    {
      id: 'strict',
      reason: 'invalid',
      parts: [measure],
      checks: [{ ...invalidCheck, actual: '0.3 ms, which is suspect (CPU_STEAL)', validity: 'suspect' }],
      doubts: { ...stolen, required: 'valid' },
    },
  ],
  allowed: [
    {
      reason: 'passed',
      parts: [warmup, measure],
      checks: [{ ...passedCheck, validity: 'invalid' }],
      doubts: { ...generatorLimited, isInvalidAllowed: true },
    },
  ],
  unicode: [
    {
      id: strangeName,
      description: strange,
      flows: [strangeName],
      reason: 'errored',
      parts: [{ ...measure, name: strangeName, intervals: steady(3, [strangeName], strange) }],
      checks: [{ ...hooked, name: strange, expected: strange, actual: strange }],
      errors: [{ source: strange, during: strange, message: strange }],
      doubts: {
        ...stolen,
        reasons: [
          ...stolen.reasons.map((reason) => ({ ...reason, flow: strangeName })),
          { code: 'ERRORS', validity: 'suspect', text: strange, advice: strange, flow: strangeName },
        ],
      },
    },
  ],
  hour: [
    {
      reason: 'passed',
      parts: [{ name: 'soak', kind: 'measure', durationMs: hour, intervals: steady(120) }],
      checks: [passedCheck],
    },
  ],
} satisfies Record<string, readonly Screenplay[]>

export type RunName = keyof typeof screenplays

export const runNames = Object.keys(screenplays) as readonly RunName[]

/** A run as reporters get to see it, the same every time. */
export function runOf(name: RunName): RunResult {
  const screenplay: readonly Screenplay[] = screenplays[name]
  const scenarios = screenplay.map(scenarioOf)
  const worst = scenarios.toSorted((a, b) => b.exitCode - a.exitCode)[0]
  const reason = worst?.reason ?? 'errored'
  return withViews({
    run: {
      id: `20260301-120000-${name}`,
      name: name === 'unicode' ? strange : 'cloudbench',
      startedAt,
      scenarios: scenarios.map(({ scenario }) => scenario),
      machines: [{ name: 'local', facts: { memory: { 'memory.limitBytes': 268_435_456 } } }],
      configDigest: 'c0ffee',
      plugins: [{ kind: 'driver', name: 'redis', version: '1.2.3' }],
      version: '1.0.0',
    },
    endedAt: new Date(startedAt.getTime() + 10 * second),
    reason,
    exitCode: exitCodes[reason],
    scenarios,
    checks: [...scenarios.flatMap(({ checks }) => checks), ...(name === 'failed' ? [ofTheRun] : [])],
    errors: [],
  })
}

function scenarioOf(screenplay: Screenplay): ScenarioResult {
  const {
    id = 'reads',
    description = 'Reads and writes',
    flows = ['main'],
    reason,
    parts,
    doubts,
    isPlaced = false,
  } = screenplay
  const phases = parts.map((part) => resultOf(phaseOf(id, flows, part), part))
  const measured = measuredOf({ phases })
  return {
    scenario: {
      id,
      description,
      tags: ['nightly', 'reads'],
      workers: 1,
      dispatch: 'tick',
      seed: 42,
      intervalMs: second,
      phases: phases.map(({ phase }) => phase),
      flows: flows.map((name) => ({
        name,
        driver: 'redis',
        workload: 'read-heavy',
        target: { name: 'cache', url: 'redis://127.0.0.1:6379', origin: 'given' },
      })),
    },
    reason,
    exitCode: exitCodes[reason],
    ...(screenplay.aborted !== undefined && { aborted: screenplay.aborted }),
    ...(doubts !== undefined && { verdict: verdictOf(measured.flows, measured.elapsedMs, doubts) }),
    phases,
    checks: (screenplay.checks ?? []).map((check) => ({ ...check, scenario: id })),
    audits: screenplay.audits ?? [],
    errors: screenplay.errors ?? [],
    workers: [
      {
        index: 0,
        pid: 4_711,
        launch: {
          worker: { index: 0, total: 1 },
          wrap: isPlaced ? ['numactl', '--cpunodebind=1', '--membind=1'] : [],
          execArgv: ['--max-old-space-size=512'],
          env: {},
        },
        attribution: ['memory: execArgv += --max-old-space-size=512'],
        facts: {
          memory: { 'heap.limitBytes': 536_870_912 },
          ...(isPlaced && {
            numa: { 'numa.nodes': '1', 'numa.cpus': '8-15', 'numa.memoryPolicy': 'bind:1' },
          }),
        },
      },
    ],
  }
}
