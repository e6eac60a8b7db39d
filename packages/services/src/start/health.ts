import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StartRequest } from './request.ts'
import type { StartPlan } from './start-plan.ts'
import type { Started } from './started.ts'

export interface Failure {
  readonly why: string
  /** Another program took the port between our check and the service's start. */
  readonly portTaken: boolean
}

/** Docker may have to pull an image first. A busy machine takes its time; a service that fails ends the wait at once. */
const startLimitMs = { compose: 180_000, local: 60_000 }
const healthLimitMs = 60_000

/** Waits until the service answers in its own protocol. `undefined`: it does. After a failure the caller stops it. */
export async function waitUntilHealthy(
  plan: StartPlan,
  { definition, password }: Pick<StartRequest, 'definition' | 'password'>,
  started: Started,
): Promise<Failure | undefined> {
  const end: { why?: string } = {}
  void started.ended.then((reason) => (end.why = reason))

  const limit = new AbortController()
  const late = sleep(startLimitMs[plan.how], false, { signal: limit.signal }).catch(() => false)
  const isUp = await Promise.race([started.ready.then(() => true), started.ended.then(() => false), late])
  limit.abort()
  if (!isUp)
    return await failure(plan, end.why ?? `it did not start within ${startLimitMs[plan.how] / 1000} s`)

  let why = ''
  const limitMs =
    plan.how === 'local'
      ? (definition.local.readyLimitMs ?? healthLimitMs)
      : (definition.composeReadyLimitMs ?? healthLimitMs)
  const untilMs = performance.now() + limitMs
  while (end.why === undefined && performance.now() < untilMs) {
    const probe = await definition.probe(plan.port, 1_000, password)
    // another server may have taken the port just before ours; ours will then say so and end.
    const { pid } = started.identity ?? {}
    if (probe.usable && (pid === undefined || probe.pid === undefined || probe.pid === pid)) return undefined
    why = probe.usable ? `process ${probe.pid} answers on its port` : probe.why
    await Promise.race([sleep(25), started.ended])
  }
  return await failure(plan, end.why ?? `it was not usable within ${limitMs / 1000} s: ${why}`)
}

async function failure({ logFile }: StartPlan, why: string): Promise<Failure> {
  const log = await readFile(logFile, 'utf8').catch(() => '')
  const portTaken = /address already in use|eaddrinuse|port is already allocated/i.test(log)
  const tail = log.trim().split('\n').slice(-20).join('\n    ')
  return { why: tail === '' ? why : `${why}; its log ends with\n    ${tail}`, portTaken }
}
