import type { RunPlan } from '../src/config/plan.ts'
import { runBenchmark } from '../src/orchestrator/run.ts'
import type { Dispatch, Interval, Load, PhaseResult } from '../src/plugin/model.ts'

const silent = { isTTY: false, columns: 80, color: false, write: () => {} }

/** Runs the null driver in one real worker, and returns the measurement after a warm-up. */
export async function runNull(
  workload: string,
  load: Load,
  dispatch: Dispatch,
  durationMs = 2000,
  workers = 1,
  onInterval: (interval: Interval) => void = () => {},
): Promise<PhaseResult> {
  const phase = (name: string, kind: 'warmup' | 'measure') => ({
    name,
    kind,
    durationMs,
    loads: { main: load },
  })
  const plan: RunPlan = {
    name: 'bench',
    scenarios: [
      {
        id: workload,
        description: '',
        tags: [],
        flows: [
          {
            name: 'main',
            driver: './null.driver.ts',
            workload,
            target: { name: 'null', url: 'null:' },
            options: {},
          },
        ],
        phases: [phase('warmup', 'warmup'), phase('measure', 'measure')],
        checks: [],
        alerts: [],
        workers,
        dispatch,
        seed: 1,
        intervalMs: 1000,
        drainMs: 5000,
        timeoutMs: 30_000,
      },
    ],
    environment: [],
    reporters: [{ name: 'bench', onInterval }],
    plugins: [],
    configDigest: '',
    configuration: [],
    config: {},
    outputFolder: '.',
    resolveFrom: new URL('./', import.meta.url).href,
    redact: (text) => text,
  }
  const { scenarios } = await runBenchmark(plan, {
    terminal: { stdout: silent, stderr: silent },
    version: '',
  })
  const measured = scenarios[0]!.phases[1]
  if (!measured) throw new Error(scenarios[0]!.errors.map(({ message }) => message).join('\n'))
  return measured
}
