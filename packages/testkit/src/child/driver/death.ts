import type { Outcome } from '@cloudbench/core'
import type { DriverJob } from '../../job.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '@cloudbench/core'
import { fault, isFault } from '../../fault.ts'
import { doing } from '../parent.ts'
import { within } from '../within.ts'
import { addressOf, noAddress } from './address.ts'
import { answered, send } from './call.ts'
import { startLoopback } from './server.ts'
import { openRig, type Link, type Rig } from './rig.ts'
import { withProxy } from './with-proxy.ts'

const pauseMs = 10
const inFlightLimit = 8

const hint =
  "turn off the client's own reconnecting and offline queue, and fail what is in flight when the socket closes"

type Settled = { readonly outcome: Outcome } | { readonly error: unknown }

/** What can be done to a server, or to the way to it. */
interface Mortal {
  /** Answers nothing any more, and says nothing about it. */
  freeze(): void
  /** Dies without a goodbye. What it had not answered is never answered. */
  kill(): Promise<void>
}

/** Kills the server while requests are in flight; where it is not ours to kill, the way to it. */
export async function probeDeath(job: DriverJob): Promise<readonly string[]> {
  if (job.target !== undefined)
    return withProxy(job, async ({ hold, close }, rig) => {
      await outlive(job, rig, { freeze: hold, kill: close })
      return []
    })
  const server = await startLoopback(job)
  try {
    if (!addressOf(server.target)) return [noAddress]
    const rig = await openRig(job, server.target)
    await rig.prepare()
    await outlive(job, rig, server)
    return []
  } finally {
    await server.kill()
  }
}

async function outlive(job: DriverJob, rig: Rig, { freeze, kill }: Mortal): Promise<void> {
  const link = await rig.connect()
  await answered(link.connection, 0, job.limitMs)
  freeze()
  const waiting = await inFlight(link, job.limitMs)
  doing('waiting for a request whose server has died')
  await kill()
  for (const answer of waiting) expectFailure('the request in flight', await late(job, answer))
  expectFailure('the next request on the dead connection', await late(job, settled(link, 1)))
  await closeDead(link)
  await expectRefused(rig.connect)
}

/** Requests that the frozen server has not answered. It may take a moment until it is frozen. */
async function inFlight(link: Link, limitMs: number): Promise<readonly Promise<Settled>[]> {
  const endMs = performance.now() + limitMs
  for (let index = 1; ; index++) {
    let answeredAlready = 0
    const requests = Array.from({ length: Math.min(link.streams, inFlightLimit) }, () => {
      const request = settled(link, index)
      void request.then(() => answeredAlready++)
      return request
    })
    await sleep(pauseMs)
    if (answeredAlready === 0) return requests
    if (performance.now() > endMs)
      throw fault({
        what: 'requests are answered although their server is frozen',
        expected: 'an outcome only when the server has answered',
        next: 'choose the outcome when the answer has come',
      })
    await Promise.all(requests)
  }
}

async function settled({ connection }: Link, index: number): Promise<Settled> {
  try {
    return { outcome: await send(connection, index) }
  } catch (error) {
    return { error }
  }
}

async function late(job: DriverJob, answer: Promise<Settled>): Promise<Settled> {
  return within(job.limitMs, 'a request whose server has died', () => answer, hint)
}

function expectFailure(what: string, answer: Settled): void {
  if ('error' in answer) return
  throw fault({
    what: `${what} was answered with "${answer.outcome.name}" although its server had died`,
    expected: 'a failure: to answer means that the connection is still good',
    next: hint,
  })
}

/** A connection that is dead may fail to close, but not hang. */
async function closeDead(link: Link): Promise<void> {
  try {
    await link.close()
  } catch (error) {
    if (isFault(error)) throw error
  }
}

async function expectRefused(connect: () => Promise<Link>): Promise<void> {
  let link: Link
  try {
    link = await connect()
  } catch (error) {
    if (isFault(error)) throw error
    return
  }
  await link.close().catch((error: unknown) => messageOf(error))
  throw fault({
    what: 'connect resolves although the server is dead',
    expected: 'a rejection: a connection is open before connect resolves',
    next: 'wait for the handshake in connect; a client that connects with its first request finds out too late',
  })
}
