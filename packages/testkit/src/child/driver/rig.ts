import type { Observer, Outcome, Schema } from '@cloudbench/core'
import { createFlowHooks, type FlowHooks, Shares, Tally, workloadOf } from '@cloudbench/core/program'
import { fault, isFault } from '../../fault.ts'
import { flowSalt } from '../../flow/call.ts'
import { type Link, openLink } from '../../flow/links.ts'
import { countSockets, type SocketCounts } from '../../flow/sockets.ts'
import type { DriverJob } from '../../job.ts'
import { load, parse } from '../plugin.ts'
import { within } from '../within.ts'
import { answerOf, noMisuse, send, sendMany } from './call.ts'
import { withServer } from './server.ts'

/** An open connection whose every call has a limit. */
export interface RigLink {
  readonly streams: number
  /** Resolves when the driver says that the connection is dead. */
  readonly lost: Promise<unknown>
  /** Sends one request; rejects with what the driver fails it with. */
  send(index: number): Promise<Outcome>
  /** Sends one request to a server that is up; a fault when it fails or hangs. */
  answer(index: number, misuse?: ReturnType<typeof noMisuse>): Promise<Outcome>
  /** Sends many requests to a server that is up, as a load does; a fault when one fails or none is answered. */
  sendMany(count: number): Promise<readonly Outcome[]>
  /** Rejects with what the driver throws, and with a fault when it hangs. */
  close(): Promise<void>
  /** Closes a dead connection, which may reject but not hang. */
  abandon(): Promise<void>
}

/** A driver with everything that a worker gives it. */
export interface Rig extends Pick<FlowHooks, 'prepare' | 'audit' | 'cleanup'> {
  readonly workload: ReturnType<typeof workloadOf>
  /** Connections to the target, counted as the host counts them. */
  readonly sockets: SocketCounts
  /** What the driver has counted under `resent`. */
  resent(): number
  /** Every outcome made so far. */
  readonly outcomes: ReadonlySet<Outcome>
  /** How often the driver has called `context.outcome`. */
  outcomeCalls(): number
  connect(): Promise<RigLink>
  /** Rejects when the workload does not observe. */
  observe(): Promise<Observer>
  /** Closes what connections share for as long as the worker lives. */
  close(): Promise<void>
}

const afterLostConnection = 'let the client connect once, and reject: reconnecting is up to the host'
const taskLimitMs = 30_000
const totalConnections = 8

/** Imports the driver of a job, for one target. */
export async function openRig(job: DriverJob, target: string): Promise<Rig> {
  const { limitMs } = job
  const driver = await load('driver', job)
  const workload = workloadOf(driver, job.workload)
  const name = `${driver.name} ${workload.name}`
  const options = await parse(name, workload.options as Schema | undefined, job.options)
  const shares = new Shares()
  const tally = new Tally(workload.name)
  const outcomes = new Set<Outcome>()
  let outcomeCalls = 0
  const counting: typeof tally.outcome = (...given) => {
    outcomeCalls++
    const outcome = tally.outcome(...given)
    outcomes.add(outcome)
    return outcome
  }
  const { recorder, bytes } = tally
  const { counter, resent } = watchResent(tally)
  const sockets = countSockets()
  const hooks = createFlowHooks({
    driverName: driver.name,
    workload,
    options,
    target,
    shares,
    flow: 'test',
    seed: 1,
    worker: { index: 0, total: 1 },
    folder: process.cwd(),
    signal: new AbortController().signal,
    log: { debug: () => {}, info: () => {}, warn: () => {} },
    tally: { outcome: counting, counter, recorder, bytes },
    sockets,
  })
  let opened = 0
  const task = <T>(what: string, run: () => Promise<T>): Promise<T> =>
    within(Math.max(limitMs, taskLimitMs), what, run)
  return {
    workload,
    sockets: sockets.counts,
    resent,
    outcomes,
    outcomeCalls: () => outcomeCalls,
    async connect() {
      const place = { index: opened++ % totalConnections, total: totalConnections }
      const open = () => openLink(hooks, place, { tally, sockets }, flowSalt(1, 'test'))
      const { connection, sender, lost } = await within(limitMs, 'connect', open, afterLostConnection)
      return limited({ connection, sender, lost }, limitMs)
    },
    prepare: () => task('prepare', hooks.prepare),
    audit: () => task('audit', hooks.audit),
    cleanup: () => task('cleanup', hooks.cleanup),
    observe: async () => (await task('observe', hooks.observe))!,
    close: () => within(limitMs, 'the close of what connections share', () => shares.close()),
  }
}

/** Adds up what a driver counts under `resent`. */
function watchResent(tally: Tally): { readonly counter: Tally['counter']; resent(): number } {
  let resent = 0
  return {
    counter(name) {
      const counted = tally.counter(name)
      if (name !== 'resent') return counted
      return {
        add(amount) {
          resent += amount
          counted.add(amount)
        },
      }
    },
    resent: () => resent,
  }
}

function limited(
  { connection, sender, lost }: Pick<Link, 'connection' | 'sender' | 'lost'>,
  limitMs: number,
): RigLink {
  const byForce = 'end the connection by force: a server that is gone does not say goodbye'
  const close = (): Promise<void> => within(limitMs, 'close', () => connection.close(), byForce)
  // what is in flight on a connection that is lost fails with it, as the host has it
  const failing = lost.then((error) => Promise.reject(error instanceof Error ? error : new Error('lost')))
  failing.catch(() => {})
  return {
    streams: connection.streams ?? 1,
    lost,
    send: (index) => Promise.race([send(connection, index, noMisuse()), failing]),
    answer: (index, misuse = noMisuse()) => answerOf(connection, index, limitMs, misuse),
    sendMany: (count) => sendMany(sender, count, limitMs),
    close,
    async abandon() {
      try {
        await close()
      } catch (error) {
        if (isFault(error)) throw error
      }
    },
  }
}

/** Runs with a connection to a target that is prepared, then closes it. */
export async function withRig<T>(job: DriverJob, run: (link: RigLink, rig: Rig) => Promise<T>): Promise<T> {
  return withServer(job, async (target) => {
    const rig = await openRig(job, target)
    await rig.prepare()
    const link = await rig.connect()
    const result = await run(link, rig)
    await link.close()
    return result
  })
}

/** The error of a connect that has to fail. */
export async function connectError({ connect }: Rig, circumstance: string): Promise<unknown> {
  let link: RigLink
  try {
    link = await connect()
  } catch (error) {
    if (isFault(error)) throw error
    return error
  }
  await link.abandon()
  throw fault({
    what: `connect resolves although ${circumstance}`,
    expected: 'a rejection: a connection is open before connect resolves',
    next: 'wait for the handshake in connect; a client that connects with its first request finds out too late',
  })
}
