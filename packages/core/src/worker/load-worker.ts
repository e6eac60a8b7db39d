import { CloudbenchError, messageOf } from '../errors.ts'
import { within } from '../hooks/deadline.ts'
import { lifecycle } from '../hooks/lifecycle.ts'
import { machineOffsetMs, monotonicClock } from '../load/clock.ts'
import { isTimed } from '../load/is-timed.ts'
import type { WorkerInterval } from '../metrics/delta.ts'
import type { Logger } from '../plugin/common.ts'
import type { Facts } from '../plugin/facts.ts'
import { protocolVersion } from '../protocol/limits.ts'
import type { Command, PhaseTotals, RequestName, Requests, WirePhase } from '../protocol/protocol.ts'
import { createFlowRuntime, type FlowRuntime } from './flow-runtime.ts'
import { GeneratorWatch } from './generator-watch.ts'
import { createPacer, type Pacer } from './pacer.ts'
import { PhaseRun } from './phase-run.ts'
import { refuseTooManyPlaces } from './places.ts'
import type { RequestWatches } from './request-watch.ts'
import { Shares } from './shares.ts'

/** Every pacer that can sleep does so until then. */
const worthSleepingMs = 1
/** Tidying takes some 60 ms of CPU: it pays off in a phase as long as the usual warm-up. */
const worthTidyingMs = 5_000

type Init = Requests['init']['command']
type Answers = { [Name in RequestName]: Requests[Name]['answer'] }
type Handlers = {
  [Name in Exclude<RequestName, 'loopback'>]: (
    command: Extract<Command, { type: Name }>,
  ) => Promise<Answers[Name]> | Answers[Name]
}

/** What a load worker does between its first command and its last. */
export class LoadWorker implements Handlers {
  readonly #shares = new Shares()
  readonly #log: Logger
  readonly #onInterval: (interval: WorkerInterval) => void
  readonly #stop = new AbortController()
  readonly #watch = new GeneratorWatch()
  #init: Init | undefined
  #flows: FlowRuntime[] = []
  /** Of requests that come due at times of their own. */
  #pacer: Pacer | undefined
  /** Of others, which need nothing that wakes them but for the start. */
  readonly #timer = createPacer('timer', monotonicClock, () => this.#wake())
  #isAwake = (): void => {}
  #requests: RequestWatches | undefined
  #phase: PhaseRun | undefined

  constructor(log: Logger, onInterval: (interval: WorkerInterval) => void) {
    this.#log = log
    this.#onInterval = onInterval
  }

  async init(command: Init): Promise<Answers['init']> {
    if (command.protocol !== protocolVersion)
      throw new CloudbenchError({
        code: 'CB_WORKER_IPC_LOST',
        what: `the worker speaks protocol ${protocolVersion}, but was addressed in ${command.protocol}`,
        expected: 'the same version of @cloudbench/core on both sides',
      })
    this.#init = command
    // a thread that wakes takes a while to start
    if (command.dispatch !== 'timer')
      this.#pacer = createPacer(command.dispatch, monotonicClock, () => this.#wake())
    const facts: Record<string, Facts> = {}
    for (const environment of command.environments) {
      const { verified } = await import('./verified.ts')
      const found = await verified(environment, command, { log: this.#log, signal: this.#stop.signal })
      if (found) facts[environment.name] = found
    }
    if (command.trace || command.log)
      this.#requests = await (await import('./request-watch.ts')).watchRequests(command)
    const shares = this.#shares
    for (const flow of command.flows)
      this.#flows.push(
        await createFlowRuntime({
          ...command,
          flow,
          worker: command.launch.worker,
          clock: monotonicClock,
          shares,
          signal: this.#stop.signal,
          log: this.#log,
          watch: this.#requests?.of(flow.name),
        }),
      )
    return { facts }
  }

  async prepare({ flow }: { readonly flow: string }): Promise<Answers['prepare']> {
    return { facts: await this.#flow(flow).prepare() }
  }

  async open({ flow }: { readonly flow: string }): Promise<Answers['open']> {
    const { connections } = this.#flow(flow)
    await connections.openAll()
    refuseTooManyPlaces(flow, connections.links)
    return { opened: connections.links.length }
  }

  /** The first wake says that what wakes runs. */
  async ready({ phase }: { readonly phase: WirePhase }): Promise<Answers['ready']> {
    if (phase.number === 0 && phase.durationMs >= worthTidyingMs) tidyHeap()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#isAwake = resolve
    this.#pacerOf(phase).arm(monotonicClock.now() + worthSleepingMs)
    await promise
    return {}
  }

  async phase({ phase, startAtMs }: Extract<Command, { type: 'phase' }>): Promise<PhaseTotals> {
    const { launch, seed } = this.#init!
    const pacer = this.#pacerOf(phase)
    this.#watch.begin()
    this.#requests?.begin(phase.number)
    // answers that came between phases belong to none; a connection that was opened there serves the next
    for (const { tally } of this.#flows) tally.drain()
    this.#phase = new PhaseRun({
      clock: monotonicClock,
      pacer,
      phase,
      startMs: startAtMs - machineOffsetMs(),
      seed,
      worker: launch.worker,
      flows: this.#flows,
      generator: this.#watch,
      onInterval: this.#onInterval,
      observe: () => Promise.all(this.#flows.map((flow) => flow.observe())),
    })
    try {
      return await this.#phase.finished()
    } finally {
      this.#watch.end()
      this.#phase = undefined
    }
  }

  async audit({ flow }: { readonly flow: string }): Promise<Answers['audit']> {
    return { findings: await this.#flow(flow).audit() }
  }

  async cleanup({ flow }: { readonly flow: string }): Promise<Answers['cleanup']> {
    await this.#flow(flow).cleanup()
    return {}
  }

  async close({ flow }: { readonly flow: string }): Promise<Answers['close']> {
    this.#stop.abort()
    const driver = this.#init?.flows.find(({ name }) => name === flow)?.driver.name
    return { errors: await failuresOf(`flow ${flow} (driver ${driver})`, () => this.#flow(flow).close()) }
  }

  async leave(): Promise<Answers['leave']> {
    this.#stop.abort()
    this.#pacer?.close()
    this.#watch.close()
    const errors = await failuresOf('shared by connections', () => this.#shares.close())
    return { errors, log: await this.#requests?.close() }
  }

  /** Ends the running phase early; without one, nothing. */
  stop(graceMs: number): void {
    this.#phase?.stop(graceMs)
  }

  #wake(): void {
    if (this.#phase) this.#phase.wake()
    else this.#isAwake()
  }

  #pacerOf({ loads }: WirePhase): Pacer {
    return (loads.some(isTimed) ? this.#pacer : undefined) ?? this.#timer
  }

  #flow(name: string): FlowRuntime {
    const flow = this.#flows.find((candidate) => candidate.name === name)
    if (!flow) throw new Error(`no flow "${name}" in this worker`)
    return flow
  }
}

/**
 * Frees what importing and preparing have left behind: 10 to 20 MB, which would lie there for the whole load, or be collected
 * in its midst.
 */
function tidyHeap(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

/** What went wrong while closing, or took too long. */
async function failuresOf(what: string, close: () => Promise<void>): Promise<readonly string[]> {
  try {
    await within(lifecycle.close.limitMs, close)
    return []
  } catch (error) {
    return [`${what}: ${messageOf(error)}`]
  }
}
