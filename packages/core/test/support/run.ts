import { parseAlert } from '../../src/checks/alert.ts'
import { parseCheck } from '../../src/checks/checks.ts'
import type { RunPlan, ScenarioPlan } from '../../src/config/plan.ts'
import type { RunOptions } from '../../src/orchestrator/options.ts'
import { runBenchmark } from '../../src/orchestrator/run.ts'
import type { Load, RunResult } from '../../src/plugin/model.ts'
import type { Reporter, Terminal } from '../../src/plugin/reporter.ts'
import { constantRate } from './simulate.ts'

export interface Order {
  readonly workload?: string
  readonly load?: Load
  readonly durationMs?: number
  readonly warmupMs?: number
  readonly workers?: number
  readonly intervalMs?: number
  readonly checks?: Readonly<Record<string, string>>
  readonly alerts?: Readonly<Record<string, string>>
  readonly abort?: Readonly<Record<string, string>>
  readonly environment?: RunPlan['environment']
  readonly reporter?: Reporter
  readonly plugins?: RunPlan['plugins']
  readonly scenarios?: readonly Partial<ScenarioPlan>[]
  readonly url?: string
  readonly options?: Partial<RunOptions>
  readonly redact?: (text: string) => string
  readonly outputFolder?: string
}

/** A terminal that keeps what is written to it. */
function quietTerminal(): Terminal & { readonly text: { out: string; err: string } } {
  const text = { out: '', err: '' }
  const stream = (to: 'out' | 'err') => ({
    isTTY: false,
    columns: 80,
    color: false,
    write: (written: string) => void (text[to] += written),
  })
  return { stdout: stream('out'), stderr: stream('err'), text }
}

/** Runs the fixture driver in real workers. */
export async function runSteady(order: Order = {}): Promise<RunResult> {
  const durationMs = order.durationMs ?? 1000
  const load = order.load ?? constantRate(100, durationMs, 4)
  const warmup = order.warmupMs ?? 0
  const scenario: ScenarioPlan = {
    id: 'steady',
    description: 'a test',
    tags: ['nightly'],
    flows: [
      {
        name: 'main',
        driver: './steady.driver.ts',
        workload: order.workload,
        target: { name: 'server', url: order.url ?? 'steady://here' },
        options: {},
      },
    ],
    phases: [
      ...(warmup > 0
        ? [
            {
              name: 'warmup',
              kind: 'warmup' as const,
              durationMs: warmup,
              loads: { main: constantRate(100, warmup, 4) },
            },
          ]
        : []),
      { name: 'measure', kind: 'measure', durationMs, loads: { main: load } },
    ],
    alerts: [
      ...Object.entries(order.alerts ?? {}).map(([name, expected]) =>
        parseAlert({ kind: 'alerts', isOfPreset: false }, name, expected),
      ),
      ...Object.entries(order.abort ?? {}).map(([name, expected]) =>
        parseAlert({ kind: 'abort', isOfPreset: false }, name, expected),
      ),
    ],
    checks: Object.entries(order.checks ?? {}).map(([name, expected]) => parseCheck(name, expected)),
    workers: order.workers ?? 1,
    dispatch: 'tick',
    seed: 1,
    intervalMs: order.intervalMs ?? 200,
    drainMs: 2000,
    timeoutMs: 10_000,
    // how busy the machine of a test is does not matter here
    verdict: { required: 'suspect', isInvalidAllowed: true, thresholds: {} },
  }
  const plan: RunPlan = {
    name: 'test',
    scenarios: (order.scenarios ?? [{}]).map((change) => ({ ...scenario, ...change })),
    environment: order.environment ?? [],
    reporters: order.reporter ? [{ name: 'probe', ...order.reporter }] : [],
    plugins: order.plugins ?? [],
    configDigest: 'abc',
    config: {},
    configuration: [{ path: 'name', value: 'test', origin: 'built-in' }],
    outputFolder: order.outputFolder ?? '/nonexistent',
    resolveFrom: new URL('../fixtures/', import.meta.url).href,
    redact: order.redact ?? ((text) => text),
  }
  return runBenchmark(plan, { terminal: quietTerminal(), version: '0.0.0', ...order.options })
}
