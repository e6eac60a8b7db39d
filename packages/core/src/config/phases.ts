import { CloudbenchError } from '../errors.ts'
import type { Load } from '../plugin/model.ts'
import { formatDuration } from '../text/format.ts'
import { parseRate, parseWait } from '../text/units.ts'
import { measuredLoad, steadyLoad, warmupLoad, type LoadModel } from './load-model.ts'
import type { PhasePlan } from './plan.ts'
import type { Reader } from './reader.ts'
import { parseWhole, type Defaults, type ScenarioTree } from './schema.ts'

type WrittenPhase = NonNullable<ScenarioTree['phases']>[number]

/** The phases of a scenario: those it lists, or a warm-up and a measurement. */
export function phasesOf(
  scenario: ScenarioTree,
  defaults: Defaults,
  flows: readonly LoadModel[],
  read: Reader,
): PhasePlan[] {
  if (scenario.phases !== undefined) return listed(scenario, scenario.phases, flows, read)
  const durationMs = measuredMs(scenario, defaults, flows, read)
  const warmupMs = read(parseWait, scenario.warmup ?? defaults.warmup, ['warmup'])
  const loads = (of: (flow: LoadModel) => Load) =>
    Object.fromEntries(flows.map((flow) => [flow.flow, of(flow)]))
  const measure: PhasePlan = {
    name: 'measure',
    kind: 'measure',
    durationMs,
    loads: loads((flow) => measuredLoad(flow, durationMs)),
  }
  if (warmupMs === 0) return [measure]
  const warmup = loads((flow) => warmupLoad(flow, warmupMs))
  return [{ name: 'warmup', kind: 'warmup', durationMs: warmupMs, loads: warmup }, measure]
}

/** How long stages take: the same in every flow that has them, and equal to `duration` if that is set. */
function measuredMs(
  scenario: ScenarioTree,
  defaults: Defaults,
  flows: readonly LoadModel[],
  read: Reader,
): number {
  const written = scenario.duration ?? defaults.duration
  const durationMs = read(parseWait, written, ['duration'])
  const staged = flows.flatMap(({ flow, stages }) =>
    stages === undefined ? [] : [{ flow, sumMs: stages.reduce((sum, stage) => sum + stage.durationMs, 0) }],
  )
  const [first] = staged
  if (first === undefined) {
    if (durationMs > 0) return durationMs
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at(['duration'])}: duration must be greater than 0`,
      expected: 'a duration such as 30s',
    })
  }
  const other = staged.find(({ sumMs }) => Math.abs(sumMs - first.sumMs) > 1e-6)
  if (other !== undefined)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at(['flows'])}: the stages of ${first.flow} take ${formatDuration(first.sumMs)}, those of ${other.flow} ${formatDuration(other.sumMs)}`,
      expected: 'the same time, because flows share one clock',
      next: 'end the shorter one with a stage that holds its rate',
    })

  if (scenario.duration !== undefined && Math.abs(durationMs - first.sumMs) > 1e-6)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at(['duration'])} is ${written}, but the stages of ${first.flow} take ${formatDuration(first.sumMs)}`,
      next: 'remove the duration, or change the stages',
    })

  return first.sumMs
}

function listed(
  scenario: ScenarioTree,
  phases: readonly WrittenPhase[],
  flows: readonly LoadModel[],
  read: Reader,
): PhasePlan[] {
  const extra = (['duration', 'warmup'] as const).find((key) => scenario[key] !== undefined)
  if (extra !== undefined)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at([extra])}: the phases already set how long everything takes`,
      next: `remove ${extra}, or the phases`,
    })

  const staged = flows.find(({ stages }) => stages !== undefined)
  if (staged !== undefined)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at(['flows', staged.flow, 'stages'])}: a scenario can have stages or phases, not both`,
      next: 'give every phase a rate, or remove the phases',
    })

  const seen = new Set<string>()
  const plans = phases.map((phase, at) => {
    if (seen.has(phase.name))
      throw new CloudbenchError({
        code: 'CB_CONFIG',
        what: `${read.at(['phases', String(at), 'name'])}: there are two phases called ${phase.name}`,
        expected: 'a different name for each',
      })

    seen.add(phase.name)
    return phasePlan(phase, ['phases', String(at)], flows, read)
  })
  if (plans.some(({ kind }) => kind === 'measure')) return plans
  throw new CloudbenchError({
    code: 'CB_CONFIG',
    what: `${read.at(['phases'])}: every phase is a warm-up`,
    expected: 'at least one phase of kind measure',
  })
}

function phasePlan(
  phase: WrittenPhase,
  path: readonly string[],
  flows: readonly LoadModel[],
  read: Reader,
): PhasePlan {
  const durationMs = read(parseWait, phase.duration, [...path, 'duration'])
  if (durationMs === 0)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at([...path, 'duration'])}: duration must be greater than 0`,
      next: 'remove the phase, or give it a duration',
    })

  const own = (['rate', 'connections'] as const).find((key) => phase[key] !== undefined)
  if (own !== undefined && flows.length > 1)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at([...path, own])} is ambiguous, the scenario has several flows: ${flows.map(({ flow }) => flow).join(', ')}`,
      next: `set ${own} on each flow, and not on the phase`,
    })

  const perSecond = phase.rate === undefined ? undefined : read(parseRate, phase.rate, [...path, 'rate'])
  const connections =
    phase.connections === undefined
      ? undefined
      : read(parseWhole(1), phase.connections, [...path, 'connections'])
  const thinking = flows.find(({ thinks }) => thinks)
  if (perSecond !== undefined && thinking !== undefined)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at([...path, 'rate'])}: flow ${thinking.flow} has think time, but a flow with a rate cannot have any`,
      next: 'remove one of them',
    })

  if (perSecond === 0)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at([...path, 'rate'])}: a rate of 0 sends nothing`,
      next: 'set a rate such as 500/s, or remove it for a closed loop',
    })

  const load = (flow: LoadModel) =>
    steadyLoad(flow, perSecond ?? flow.ratePerSecond, connections ?? flow.connections, durationMs)
  return {
    name: phase.name,
    kind: phase.kind ?? 'measure',
    durationMs,
    loads: Object.fromEntries(flows.map((flow) => [flow.flow, load(flow)])),
  }
}
