import {
  sumFlowLists,
  type FlowMetrics,
  type Interval,
  type Phase,
  type PhaseResult,
  type Reporter,
  type Run,
} from '@cloudbench/core'
import { formatDuration } from '@cloudbench/core/text'
import { endedScenario, waiting, type Report, type ScenarioReport } from '../report.ts'
import { addInterval, bounded, type Slice } from '../slices.ts'

/** What has happened so far, as a report. */
export interface Feed extends Required<
  Pick<
    Reporter,
    | 'onStep'
    | 'onRunStart'
    | 'onScenarioStart'
    | 'onPhaseStart'
    | 'onInterval'
    | 'onPhaseEnd'
    | 'onScenarioEnd'
  >
> {
  /** Undefined until the run begins. */
  report(): Report | undefined
  /** What the run is busy with before it loads, such as `starting redis`. */
  readonly doing: string | undefined
}

interface Current {
  readonly report: ScenarioReport
  readonly ended: PhaseResult[]
  slices: Slice[]
  phase: Phase | undefined
  /** Of the phase that goes on. */
  flows: readonly FlowMetrics[]
  endMs: number
  offsetMs: number
}

/** Keeps no more than can be shown, however long a run is. */
export function createFeed(): Feed {
  let run: Run | undefined
  let current: Current | undefined
  let doing: string | undefined
  const ended = new Map<string, ScenarioReport>()
  return {
    get doing() {
      return doing
    },
    onStep(step) {
      doing = [step.scenario, [step.doing, step.detail].filter(Boolean).join(', ')].filter(Boolean).join(': ')
    },
    onRunStart(started) {
      run = started
    },
    onScenarioStart(scenario) {
      const report = { ...waiting(scenario), state: 'running' as const }
      current = { report, ended: [], slices: [], phase: undefined, flows: [], endMs: 0, offsetMs: 0 }
    },
    onPhaseStart(phase) {
      if (current === undefined) return
      const offsetMs = current.slices.at(-1)?.endMs ?? 0
      doing = undefined
      Object.assign(current, { phase, flows: [], endMs: 0, offsetMs })
    },
    onInterval(interval: Interval) {
      if (current === undefined) return
      current.flows = sumFlowLists([current.flows, interval.flows])
      current.endMs = interval.endMs
      addInterval(current.slices, interval, current.offsetMs)
      current.slices = bounded(current.slices)
    },
    onPhaseEnd(result) {
      if (current === undefined) return
      // the intervals are in the slices
      current.ended.push({ ...result, intervals: [] })
      current.phase = undefined
    },
    onScenarioEnd(result) {
      const { phases, ...rest } = endedScenario(result)
      ended.set(result.scenario.id, {
        ...rest,
        phases: phases.map((phase) => ({ ...phase, intervals: [] })),
      })
      current = undefined
    },
    report() {
      if (run === undefined) return undefined
      const progress =
        current?.phase === undefined ? doing && { text: doing } : progressOf(current, current.phase)
      const scenarios = run.scenarios.map(
        (scenario) =>
          ended.get(scenario.id) ??
          (current?.report.scenario.id === scenario.id ? soFar(current) : waiting(scenario)),
      )
      return { run, scenarios, ...(progress && { progress }) }
    },
  }
}

function soFar({ report, ended, slices, phase, flows, endMs }: Current): ScenarioReport {
  if (phase === undefined) return { ...report, phases: ended, slices }
  const running: PhaseResult = {
    phase,
    startedAt: new Date(0),
    elapsedMs: Math.min(endMs, phase.durationMs),
    flows,
    generators: [],
    signals: [],
    intervals: [],
    breaches: [],
  }
  return { ...report, phases: [...ended, running], slices }
}

function progressOf({ report, endMs }: Current, phase: Phase): NonNullable<Report['progress']> {
  const doneMs = Math.min(endMs, phase.durationMs)
  const counted = phase.kind === 'warmup' ? ' (not counted)' : ''
  return {
    text: `${report.scenario.id}: ${phase.name}${counted}, ${formatDuration(doneMs)} of ${formatDuration(phase.durationMs)}`,
    share: phase.durationMs > 0 ? doneMs / phase.durationMs : 1,
  }
}
