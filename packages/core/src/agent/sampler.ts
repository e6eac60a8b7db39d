import { messageOf } from '../errors.ts'
import type { Clock } from '../load/clock.ts'
import type { Logger } from '../plugin/common.ts'
import type { Watcher, WorkerProcess } from '../plugin/environment.ts'
import type { Gauge, MachineSignals } from '../plugin/model.ts'

/** A sample that takes longer is left out. The load never waits for one. */
const limitMs = 2_000

/** An environment that watches. */
export interface Watching {
  readonly environment: string
  readonly watcher: Watcher
}

export interface SamplerOptions {
  readonly machine: string
  /** When two declare the same signal, the first one samples it. */
  readonly watching: readonly Watching[]
  readonly clock: Pick<Clock, 'now' | 'at'>
  readonly log: (environment: string) => Logger
  /** Those that run at the moment. */
  readonly workers: () => readonly WorkerProcess[]
}

export interface PhaseSampling {
  readonly startAtMs: number
  readonly intervalMs: number
  readonly onSignals: (signals: MachineSignals) => void
}

/** Samples what environments watch on this machine, phase by phase. */
export interface Sampler {
  /** Samples at the start, at every interval and, when told to, at the end. */
  start(phase: PhaseSampling): { end(): Promise<void> }
}

export function createSampler({ machine, watching, clock, log, workers }: SamplerOptions): Sampler {
  const owners = new Map<string, string>()
  const sources = watching.map(({ environment, watcher }) => {
    const warn = warnOnce(log(environment))
    const names = new Set<string>()
    for (const name of Object.keys(watcher.signals)) {
      const owner = owners.get(name)
      if (owner === undefined) names.add(name)
      else warn(name, `${owner} already samples ${name}, so it is left out here`)
      owners.set(name, owner ?? environment)
    }
    return { watcher, names, warn }
  })
  return {
    start({ startAtMs, intervalMs, onSignals }) {
      const samples = sources.map((source) =>
        sampleOf(source, { clock, workers, tell: (grown) => onSignals({ machine, ...grown }) }),
      )
      const all = (): Promise<unknown> => Promise.all(samples.map((sample) => sample()))
      let cancel = (): void => {}
      const at = (timeMs: number): void => {
        cancel = clock.at(timeMs, () => {
          void all()
          // after a pause, the next time that is still ahead
          const passed = Math.floor((clock.now() - startAtMs) / intervalMs)
          at(Math.max(timeMs + intervalMs, startAtMs + (passed + 1) * intervalMs))
        })
      }
      at(startAtMs)
      return {
        async end() {
          cancel()
          await all()
        },
      }
    },
  }
}

interface Source {
  readonly watcher: Watcher
  readonly names: ReadonlySet<string>
  readonly warn: (kind: string, message: string) => void
}

interface Grown {
  readonly gauges: Record<string, Gauge>
  readonly counters: Record<string, number>
}

/** Takes one sample, and returns what changed since the last one. Never rejects, and never reads concurrently. */
function sampleOf(
  { watcher, names, warn }: Source,
  {
    clock,
    workers,
    tell,
  }: Pick<SamplerOptions, 'clock' | 'workers'> & { readonly tell: (grown: Grown) => void },
): () => Promise<void> {
  const before = new Map<string, { readonly value: number; readonly atMs: number }>()
  const compare = (values: Readonly<Record<string, number>>, atMs: number): Grown => {
    const grown: Grown = { gauges: {}, counters: {} }
    for (const name of names) {
      const value = Object.hasOwn(values, name) ? values[name] : undefined
      const last = before.get(name)
      const kind = watcher.signals[name]
      if (value === undefined || !Number.isFinite(value)) {
        if (value !== undefined) warn('value', `${name} is ${String(value)}, so it is left out`)
        // the growth of a counter in the meantime is not lost; a gauge may have been anything
        if (kind !== 'counter') before.delete(name)
        continue
      }
      before.set(name, { value, atMs })
      if (last === undefined) continue
      const observedMs = atMs - last.atMs
      // a counter that fell was reset to zero
      if (kind === 'counter') grown.counters[name] = value < last.value ? value : value - last.value
      else if (observedMs > 0)
        grown.gauges[name] =
          kind === 'share'
            ? { mean: value, max: value, observedMs }
            : { mean: (last.value + value) / 2, max: Math.max(last.value, value), observedMs }
    }
    return grown
  }
  const take = async (): Promise<void> => {
    const atMs = clock.now()
    let values: Readonly<Record<string, number>>
    try {
      values = await answered(clock, () => watcher.read(workers()))
    } catch (error) {
      warn('read', `watch: ${messageOf(error)}; its signals are left out until it answers again`)
      values = {}
    }
    const undeclared = Object.keys(values).filter((name) => !Object.hasOwn(watcher.signals, name))
    if (undeclared.length > 0)
      warn('undeclared', `watch reads ${undeclared.join(', ')}, which it does not declare: left out`)
    const grown = compare(values, atMs)
    if (Object.keys(grown.gauges).length + Object.keys(grown.counters).length > 0) tell(grown)
  }
  let running: Promise<void> | undefined
  return () => {
    running ??= take().finally(() => {
      running = undefined
    })
    return running
  }
}

/** Rejects when there is no answer in time; the clock may be a virtual one. */
async function answered<T>(clock: SamplerOptions['clock'], work: () => T | Promise<T>): Promise<T> {
  let cancel = (): void => {}
  const late = new Promise<never>((_resolve, reject) => {
    cancel = clock.at(clock.now() + limitMs, () => reject(new Error(`no answer within ${limitMs} ms`)))
  })
  try {
    return await Promise.race([(async () => work())(), late])
  } finally {
    cancel()
  }
}

function warnOnce(log: Logger): (kind: string, message: string) => void {
  const warned = new Set<string>()
  return (kind, message) => {
    if (!warned.has(kind)) log.warn(message)
    warned.add(kind)
  }
}
