import { setTimeout as sleep } from 'node:timers/promises'
import type { Awaitable, Reporter, RunResult } from '@cloudbench/core'
import { messageOf } from '@cloudbench/core'
import { fault, isFault } from '../../fault.ts'
import { stray } from '../../stray.ts'
import { within } from '../within.ts'
import { changesOf } from './changes.ts'

const turnMs = 20

type Method = Exclude<keyof Reporter, 'close'>

/** Plays a run to a reporter as the host does: in order, one call at a time, and with time passing between them. */
export async function play(reporter: Reporter, result: RunResult, limitMs: number): Promise<void> {
  const tell = async <Name extends Method>(
    name: Name,
    payload: Parameters<NonNullable<Reporter[Name]>>[0],
  ): Promise<void> => {
    const method = reporter[name] as ((payload: unknown) => Awaitable<void>) | undefined
    if (method === undefined) return
    const change = changesOf(payload)
    await answered(name, limitMs, () => method.call(reporter, payload))
    const changed = change()
    if (changed !== undefined)
      throw fault({
        what: `${name} changes its payload: ${changed}`,
        expected: 'an unchanged payload: every reporter gets the same one',
        next: 'copy before you sort, add or delete: toSorted, map, { ...result }',
      })
  }
  await tell('onStep', { doing: 'starting redis' })
  await tell('onRunStart', result.run)
  for (const scenario of result.scenarios) {
    await tell('onScenarioStart', scenario.scenario)
    for (const phase of scenario.phases) {
      await tell('onPhaseStart', phase.phase)
      for (const interval of phase.intervals) await tell('onInterval', interval)
      // time passes in a run, but not in a replay
      await sleep(turnMs)
      await tell('onPhaseEnd', phase)
    }
    await tell('onScenarioEnd', scenario)
  }
  await tell('onRunEnd', result)
}

/** Calls a method; a fault if it throws or hangs. */
export async function answered<T>(what: string, limitMs: number, call: () => Awaitable<T>): Promise<T> {
  try {
    return await within(
      limitMs,
      what,
      call,
      'do not await what may never happen, or give it a deadline of its own',
    )
  } catch (error) {
    if (isFault(error)) throw error
    const { code, resource = '' } = error as { readonly code?: string; readonly resource?: string }
    if (code === 'ERR_ACCESS_DENIED') throw stray(resource, what)
    throw fault({
      what: `${what} throws: ${messageOf(error)}`,
      expected: 'a report of every run, whatever its result: a lost report ends the run with exit code 2',
      next: 'allow for what is absent: no scenario, no phase, no request, and percentiles that are NaN',
    })
  }
}
