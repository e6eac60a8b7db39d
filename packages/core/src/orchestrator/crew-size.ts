import { formatRate } from '../text/format.ts'

/** A generator that is busy for longer than this delays what it measures. */
const busyShare = 0.6

/** What one worker did with a load, and what there is for more of them. */
export interface Calibration {
  readonly cpuMs: number
  readonly elapsedMs: number
  readonly flows: readonly {
    /** Absent: a closed loop. */
    readonly perSecond?: number
    readonly connections: number
    /** Until the end of the schedule, as the CPU time is. */
    readonly answered: number
  }[]
  readonly cpus: number
  /** Servers on this machine need a core as well. */
  readonly hasLocalServer: boolean
}

/** How many workers a load takes, and why. */
export interface CrewSize {
  readonly workers: number
  readonly reason: string
}

/**
 * As many workers as keep each below 60 % of a core at the asked rate. A closed loop asks for no rate: one worker, unless
 * that is too busy to tell how much there would be to do; then all that there is room for.
 */
export function crewSizeOf({ cpuMs, elapsedMs, flows, cpus, hasLocalServer }: Calibration): CrewSize {
  if (flows.every(({ answered }) => answered < 1))
    return { workers: 1, reason: 'nothing was answered in time to tell more' }
  const used = cpuMs / elapsedMs
  const rates = flows.flatMap(({ perSecond }) => perSecond ?? [])
  const isClosed = rates.length < flows.length
  // what one worker did not get to would have cost as much as what it did
  const short = flows.map(
    ({ perSecond = 0, answered }) => (perSecond * elapsedMs) / 1000 / Math.max(1, answered),
  )
  const needed = used * Math.max(1, ...short)
  const wanted = isClosed ? (used > busyShare ? Infinity : 1) : Math.ceil(needed / busyShare)

  const spare = Math.max(1, cpus - (hasLocalServer ? 1 : 0))
  const connections = Math.max(...flows.map((flow) => flow.connections))
  const workers = Math.max(1, Math.min(wanted, spare, connections))
  const load = isClosed ? 'a closed loop' : formatRate(rates.reduce((sum, rate) => sum + rate, 0))
  const limit = connections < spare ? `${connections} connections` : coresText(cpus, hasLocalServer)
  return {
    workers,
    reason: [
      `${load} takes ${isClosed && used > busyShare ? 'all' : percent(needed)} of a core, and a worker is to be busy for ${percent(busyShare)} at most`,
      ...(workers < wanted ? [`${limit} are the limit`] : []),
    ].join('; '),
  }
}

function coresText(cpus: number, hasLocalServer: boolean): string {
  const cores = cpus === 1 ? 'one core' : `${cpus} cores`
  return hasLocalServer ? `${cores} with a server on them` : cores
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
