import type { Awaitable, Logger } from './common.ts'
import type { Facts } from './facts.ts'
import type { Schema } from './schema.ts'

/**
 * Speaks one protocol. Loaded by module URL inside every load worker.
 *
 * A driver with one workload carries `connect` and `options` itself; one with several lists them under
 * `workloads`, and each falls back to the driver's own functions and options for whatever it leaves out.
 */
export interface Driver<Options = any> extends Workload<Options> {
  readonly name: string
  /** By name; the first one is the default. */
  readonly workloads?: Readonly<Record<string, Workload>>
  /**
   * What may speak to the target, by the values of the option `client`, which every workload then has. Results say which
   * one did.
   */
  readonly clients?: Readonly<Record<string, Client>>
  /** Starts a server that speaks the protocol and does no work: the floor under every measurement. */
  loopback?(options: LoopbackOptions): Awaitable<Loopback>
}

/** A way to speak to the target: a client library, or frames that the driver lays out itself. */
export interface Client {
  /** The npm package that is measured; absent for frames that the driver lays out itself. */
  readonly package?: string
  /** Users install the package beside their configuration. It is loaded only when it is named. */
  readonly isOptional?: boolean
}

/** One thing a driver can do to a target. */
export interface Workload<Options = any> {
  readonly description?: string
  /** Checked in the orchestrator before anything starts, parsed again in the worker. */
  readonly options?: Schema<any, Options>
  /** Opens one connection. Called once for each, and again after a request has rejected or the connection was lost. */
  connect?(context: DriverContext<Options>): Awaitable<Connection>
  /** Brings the target into the state the load expects. Once per flow, before load; must be safe to repeat. */
  prepare?(context: TaskContext<Options>): Awaitable<Facts | void>
  /** Compares what was acknowledged to this worker with what is stored. After load, in every worker. */
  audit?(context: TaskContext<Options>): Awaitable<readonly AuditResult[]>
  /** Undoes what `prepare` did. Once per flow, at the end. */
  cleanup?(context: TaskContext<Options>): Awaitable<void>
  /** Opens a side channel to the server's own counters. In the first worker only. */
  observe?(context: TaskContext<Options>): Awaitable<Observer>
}

/** An open connection. It has `request`, or, where a promise per request costs too much, `issue`. */
export interface Connection {
  /** How many requests may be in flight at once. @default 1 */
  readonly streams?: number
  /**
   * The driver reports the connections behind this one through `context.sockets`. They are counted in its place, so
   * that the report says what the server sees, whatever a client library opens and closes by itself.
   */
  readonly reportsSockets?: boolean
  /**
   * Performs one operation. Resolve, and the connection is still good; reject, and the host closes it
   * and opens another. `call` is reused: read it before the first `await`. The clock belongs to the host.
   */
  request?(call: Call): Promise<Outcome>
  /** The same without a promise: answer by calling `slot.done(outcome)` or `slot.fail(error)` exactly once. */
  issue?(slot: Slot): void
  /** Releases everything. Called exactly once; after a failed request a throw here is ignored. */
  close(): Awaitable<void>
}

/** What the host says about the request to perform. One object per slot, reused. */
export interface Call {
  /**
   * Arrival number over all workers. The same seed and index give the same request, whatever the number of workers, unless
   * a driver says otherwise: one that audits its writes may let a connection write only to its own keys.
   */
  readonly index: number
  /** Uniform in [0, 1): a hash of seed, flow, arrival and draw number. */
  random(): number
}

/** A call that is answered without a promise. */
export interface Slot extends Call {
  /**
   * The whole answer is there: it is timed by this moment, and can no longer time out, however long a driver then takes
   * to decode and to check it. Needed only where that costs time; `done` or `fail` must follow.
   */
  answered(): void
  /** The request was answered; the connection is still good. */
  done(outcome: Outcome): void
  /** The connection is dead; the request counts as failed, under the error's code. */
  fail(error: unknown): void
  /**
   * The connection was dead already, and no byte of the request has left: the host sends it on a good one, where it keeps
   * the time at which it was due. Only where that is certain; anything else fails.
   */
  unsent(error?: unknown): void
}

/** How a request ended. Create it once in `connect`, return the same object from every request. */
export interface Outcome {
  readonly name: string
  readonly ok: boolean
  readonly operation: string
  /**
   * What the server said the first time, such as a status line and the beginning of a body. A driver sets it where an
   * outcome is not ok and has none yet; people see it when a run fails. Without secrets; cut after 300 characters.
   */
  example?: string | undefined
}

export interface OutcomeOptions {
  /** What was timed. @default the workload's name */
  readonly operation?: string
  /** Whether the request did what it was meant to do. @default true */
  readonly ok?: boolean
}

export interface Counter {
  add(amount: number): void
}

export interface Recorder {
  /** Records one value, in nanoseconds. */
  record(valueNs: number): void
}

/** The trace context of a flow's requests, by `call.index`. */
export interface RequestTrace {
  /** The run's id, for protocols that have a place for it alone. */
  readonly run: string
  /** Such as `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`. */
  traceparent(index: number): string
  /** Writes the same, 55 bytes of ASCII, without making a string. */
  write(index: number, bytes: Uint8Array, at: number): void
}

/** Connections to the target that a driver or its client library opens and closes by itself. */
export interface Sockets {
  opened(): void
  closed(): void
}

/** Payload bytes as the driver sees them. Plain numbers: adding to them costs nothing. */
export interface ByteCount {
  sent: number
  received: number
}

/** A resource that several connections, of several flows, use together. */
export interface Shareable {
  /** When true, the next `share` closes this one and creates another. */
  readonly broken?: boolean
  /** It is a connection to the target, and counted from its creation to its close, in place of those that use it. */
  readonly isConnection?: boolean
  close(): Awaitable<void>
}

/** What `prepare`, `audit`, `cleanup` and `observe` get. */
export interface TaskContext<Options = any> {
  readonly options: Options
  /** What the user wrote as the target's `url`. The driver knows how to read it. */
  readonly target: string
  readonly workload: string
  readonly flow: string
  readonly seed: number
  readonly worker: { readonly index: number; readonly total: number }
  /** What relative paths in options start from: the folder of the configuration. */
  readonly folder: string
  /** Aborted when the worker is told to stop. There is no signal per request: one costs 2 µs. */
  readonly signal: AbortSignal
  readonly log: Logger
  /**
   * One resource for every flow on this target in this worker, created on first use. The host closes it at the end, or
   * as soon as it is broken and no longer in use.
   */
  share<T extends Shareable>(key: string, create: () => Awaitable<T>): Promise<T>
}

/** What `connect` gets. */
export interface DriverContext<Options = any> extends TaskContext<Options> {
  /** Index of this connection across all workers, `0 … total - 1`. */
  readonly connection: { readonly index: number; readonly total: number }
  /** Interns an outcome. Never per request: at most 256 distinct names, the rest count as `other`. */
  outcome(name: string, options?: OutcomeOptions): Outcome
  /** A number that adds up over time and over workers. */
  counter(name: string): Counter
  /** A distribution beside the three the host keeps. */
  recorder(name: string): Recorder
  readonly bytes: ByteCount
  /**
   * Only where requests carry W3C Trace Context: a driver sends it where its protocol has a place. Ask for it once per
   * connection, so that without it a request costs nothing.
   */
  readonly trace?: RequestTrace | undefined
  /** Of the flow, so that a shared resource may go on using it. See `reportsSockets`. */
  readonly sockets: Sockets
  /**
   * Says that this connection is dead. Call it as soon as that is known: an idle connection is then replaced without a
   * failed request, and what comes due in the meantime keeps its due time. Requests in flight fail under the error's
   * code. Ignored once the connection was replaced or closed.
   */
  lost(error?: unknown): void
}

/**
 * Counters that the server keeps. Cumulative: the host takes the differences. `cache.hits` and `cache.misses` make the
 * metric `residency`.
 */
export interface Observer {
  read(): Awaitable<Readonly<Record<string, number>>>
  close(): Awaitable<void>
}

/** One finding of an audit. A failed one fails the run. */
export interface AuditResult {
  /** Such as `acknowledged writes are stored`. The same name in several workers adds up. */
  readonly name: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** How many facts were compared. */
  readonly examined: number
  /** How many of them were wrong. */
  readonly violations: number
  readonly message?: string
}

export interface LoopbackOptions {
  /** How long every answer takes. @default 0 */
  readonly delayMs?: number
  /** Answers nothing for `stallMs` out of every `periodMs`, the first stall beginning at `afterMs`. */
  readonly stall?: { readonly afterMs: number; readonly stallMs: number; readonly periodMs?: number }
  /** Serves one request at a time, at most this many a second. @default unlimited */
  readonly capacityPerSecond?: number
  /** The share of requests answered with an error. @default 0 */
  readonly failureRate?: number
  /** From this moment on, closes every connection and refuses new ones. */
  readonly dieAfterMs?: number
  /** The same at the first request after this many. */
  readonly dieAfterRequests?: number
  /** @default 0, any free port */
  readonly port?: number
  /**
   * Shares the port with other processes that ask for it too (`SO_REUSEPORT`): the kernel spreads connections over them, so that
   * several workers do not wait for one server. What a server keeps in memory stays in its process.
   */
  readonly reusePort?: boolean
  /**
   * Where a proxy stands before it: a server that tells its clients where to connect (Kafka) names this port.
   * @default the port on which it listens
   */
  readonly advertisedPort?: number
}

/** What a loopback server has seen so far, of requests such as the load sends: what is compared with a report. */
export interface LoopbackCounts {
  readonly requests: number
  /** Those that were answered, with a success or with a failure. */
  readonly answers: number
}

export interface Loopback {
  /** For use as the target's `url`. */
  readonly target: string
  /** Grows as it serves. */
  readonly counts?: LoopbackCounts
  close(): Awaitable<void>
}
