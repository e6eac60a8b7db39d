import { CloudbenchError } from '../errors.ts'
import type { Load, Stage } from '../plugin/model.ts'
import { parseRate, parseWait } from '../text/units.ts'
import type { Reader } from './reader.ts'
import type { Defaults, FlowTree } from './schema.ts'
import { parseWhole } from './schema.ts'

/** The load of one flow, units parsed and defaults filled in. */
export interface LoadModel {
  readonly flow: string
  readonly connections: number
  readonly arrivals: 'constant' | 'poisson'
  readonly thinkMs: number
  /** Whether this flow itself sets a think time. */
  readonly thinks: boolean
  /** Absent in a closed loop. */
  readonly ratePerSecond: number | undefined
  readonly stages: readonly Stage[] | undefined
}

/** Works out the load of a flow. Rejects contradictions. */
export function loadModel(flow: string, written: FlowTree, defaults: Defaults, read: Reader): LoadModel {
  const inFlow = (key: string) => ['flows', flow, key]
  const think = written.think ?? defaults.think
  // a flow's own setting beats a default that contradicts it
  const closedByFlow =
    written.rate === undefined &&
    written.stages === undefined &&
    isPositive(written.think, read, inFlow('think'))
  const rate = written.rate ?? (closedByFlow ? undefined : defaults.rate)
  const openByFlow = written.rate !== undefined || written.stages !== undefined
  const thinkMs = openByFlow && written.think === undefined ? 0 : read(parseWait, think, inFlow('think'))
  const ratePerSecond = rate === undefined ? undefined : read(parseRate, rate, inFlow('rate'))
  const isOpen = ratePerSecond !== undefined || written.stages !== undefined
  if (isOpen && thinkMs > 0)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at(inFlow('think'))}: a flow with ${written.stages ? 'stages' : 'a rate'} has no think time`,
      expected: 'think in a closed loop, or rate and stages in an open one',
      next: 'remove one of them',
    })

  if (ratePerSecond === 0 && written.stages === undefined)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at(inFlow('rate'))}: a rate of 0 sends nothing`,
      next: 'set a rate such as 500/s, or remove it for a closed loop',
    })

  return {
    flow,
    connections: read(parseWhole(1), written.connections ?? defaults.connections, inFlow('connections')),
    arrivals: written.arrivals ?? defaults.arrivals,
    thinkMs,
    thinks: written.think !== undefined && thinkMs > 0,
    ratePerSecond,
    stages: written.stages && stagesOf(written.stages, ratePerSecond ?? 0, inFlow('stages'), read),
  }
}

function isPositive(think: string | number | undefined, read: Reader, path: readonly string[]): boolean {
  return think !== undefined && read(parseWait, think, path) > 0
}

/** A stage of duration 0 is a step: it only sets the rate that the next one starts from. */
function stagesOf(
  written: NonNullable<FlowTree['stages']>,
  startPerSecond: number,
  path: readonly string[],
  read: Reader,
): Stage[] {
  const stages: Stage[] = []
  let fromPerSecond = startPerSecond
  for (const [at, stage] of written.entries()) {
    const durationMs = read(parseWait, stage.duration, [...path, String(at), 'duration'])
    const toPerSecond = read(parseRate, stage.rate, [...path, String(at), 'rate'])
    if (durationMs > 0) stages.push({ durationMs, fromPerSecond, toPerSecond })
    fromPerSecond = toPerSecond
  }
  if (stages.some((stage) => stage.fromPerSecond + stage.toPerSecond > 0)) return stages
  throw new CloudbenchError({
    code: 'CB_CONFIG',
    what: `${read.at(path)}: ${stages.length === 0 ? 'the stages have no duration' : 'the rate is 0 in every stage'}`,
    expected: 'at least one stage with a duration and a rate',
  })
}

/** What the flow does while it is measured, for `durationMs`. */
export function measuredLoad(load: LoadModel, durationMs: number): Load {
  if (load.stages === undefined) return steadyLoad(load, load.ratePerSecond, load.connections, durationMs)
  return { model: 'open', connections: load.connections, arrivals: load.arrivals, stages: load.stages }
}

/** What it does before that: an open loop holds the rate that the measurement starts with. */
export function warmupLoad(load: LoadModel, durationMs: number): Load {
  return steadyLoad(load, load.stages?.[0]?.fromPerSecond ?? load.ratePerSecond, load.connections, durationMs)
}

/** A constant rate, or a closed loop without one. */
export function steadyLoad(
  { arrivals, thinkMs }: LoadModel,
  perSecond: number | undefined,
  connections: number,
  durationMs: number,
): Load {
  if (perSecond === undefined) return { model: 'closed', connections, thinkMs }
  const stages = [{ durationMs, fromPerSecond: perSecond, toPerSecond: perSecond }]
  return { model: 'open', connections, arrivals, stages }
}
