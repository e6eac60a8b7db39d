import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '@cloudbench/core'
import { fault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import { addressOf, noAddress } from '../../proxy/address.ts'
import { doing } from '../parent.ts'
import { within } from '../within.ts'
import { connectError, openRig, type Rig, type RigLink } from './rig.ts'
import { startLoopback, withLoopback } from './server.ts'
import { withProxy } from './with-proxy.ts'

const pauseMs = 10
const inFlightLimit = 8

const hint =
  "turn off the client's own reconnecting and offline queue, and fail what is in flight when the socket closes"

/** The outcome of a request; undefined when it has failed. */
type Answer = Promise<Outcome | undefined>

/** What can be done to a server, or to the way to it. */
interface Mortal {
  /** From now on it answers nothing, and its connections stay open. */
  freeze(): void
  /** Dies without a goodbye. What it had not answered is never answered. */
  kill(): Promise<void>
}

/** Kills the server while requests are in flight; if it is not ours to kill, cuts the way to it. */
export async function probeDeath(job: DriverJob): Promise<readonly string[]> {
  if (job.target !== undefined)
    return withProxy(job, ({ answers, close }, link, rig) =>
      outlive(job, rig, link, { freeze: answers.hold, kill: close }),
    )
  const server = await startLoopback(job)
  return withLoopback(server, async (target) => {
    if (!addressOf(target)) return [noAddress]
    const rig = await openRig(job, target)
    await rig.prepare()
    const link = await rig.connect()
    await link.answer(0)
    await outlive(job, rig, link, server)
    return []
  })
}

async function outlive(
  { limitMs }: DriverJob,
  rig: Rig,
  link: RigLink,
  { freeze, kill }: Mortal,
): Promise<void> {
  freeze()
  const waiting = await inFlight(link, limitMs)
  doing('waiting for a request whose server has died')
  await kill()
  for (const answer of waiting) await expectFailure('the request in flight', answer, limitMs)
  await expectFailure('the next request on the dead connection', answerOf(link, 1), limitMs)
  await link.abandon()
  await connectError(rig, 'the server is dead')
}

/** Requests that the frozen server has not answered. It may take a moment until it is frozen. */
async function inFlight(link: RigLink, limitMs: number): Promise<readonly Answer[]> {
  const endMs = performance.now() + limitMs
  for (let index = 1; ; index++) {
    let answeredAlready = 0
    const requests = Array.from({ length: Math.min(link.streams, inFlightLimit) }, () => {
      const request = answerOf(link, index)
      void request.then(() => answeredAlready++)
      return request
    })
    await sleep(pauseMs)
    if (answeredAlready === 0) return requests
    if (performance.now() > endMs)
      throw fault({
        what: 'requests are answered although their server is frozen',
        expected: 'an outcome only when the server has answered',
        next: 'choose the outcome when the answer has arrived',
      })
    await Promise.all(requests)
  }
}

function answerOf(link: RigLink, index: number): Answer {
  return link.send(index).catch(() => undefined)
}

async function expectFailure(what: string, answer: Answer, limitMs: number): Promise<void> {
  const outcome = await within(limitMs, 'a request whose server has died', () => answer, hint)
  if (outcome === undefined) return
  throw fault({
    what: `${what} was answered with "${outcome.name}" although its server had died`,
    expected: 'a failure: an answer means that the connection is still good',
    next: hint,
  })
}
