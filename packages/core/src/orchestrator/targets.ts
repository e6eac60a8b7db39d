import type { Agent } from '../agent/agent.ts'
import type { FlowPlan } from '../config/plan.ts'
import { redactValue } from '../config/secret-text.ts'
import { messageOf } from '../errors.ts'
import { within } from '../hooks/deadline.ts'
import type { RunError, Target } from '../plugin/model.ts'
import { unlessInterrupted } from './interruption.ts'
import type { RunOptions } from './options.ts'
import type { LoadedDriver } from './plugins.ts'
import type { Steps } from './steps.ts'

/** The most that the start of a service takes. */
const startLimitMs = 600_000

/** A target that is available, with the address that drivers use. */
export interface ReadyTarget {
  /** With secrets in it. */
  readonly url: string
  readonly shown: Target
}

export interface Targets {
  /** The target of a flow; the same one for every flow with the same target and driver. */
  of(flow: FlowPlan): Promise<ReadyTarget>
  /** Resolves with what went wrong. */
  close(): Promise<RunError[]>
}

export interface TargetsOptions {
  readonly agent: Agent
  readonly drivers: ReadonlyMap<string, LoadedDriver>
  readonly provision: RunOptions['provision']
  readonly redact: (text: string) => string
  readonly interrupt: AbortSignal | undefined
  readonly steps: Steps
}

/** Gets an address for every target: the user's, a service found or started, or a loopback server. */
export function createTargets(options: TargetsOptions): Targets {
  const { agent, drivers, provision, redact, interrupt, steps } = options
  const ready = new Map<string, Promise<ReadyTarget>>()
  const closers: (() => Promise<void>)[] = []

  const make = async ({ target: { name, url, zone }, driver }: FlowPlan): Promise<ReadyTarget> => {
    const isAutomatic = url === undefined || url === 'auto'
    if (!isAutomatic && url !== 'loopback')
      return {
        url,
        shown: { name, url: redact(redactValue(url)), origin: 'given', ...(zone !== undefined && { zone }) },
      }
    const provided = isAutomatic ? await provision?.({ name, driver }, steps.begin) : undefined
    if (provided) {
      closers.push(() => provided.close())
      return {
        url: provided.url,
        shown: { name, url: redact(redactValue(provided.url)), origin: provided.origin },
      }
    }
    const { url: module, plugin } = drivers.get(driver)!
    steps.begin(`starting the loopback server of ${plugin.name}`)
    const { target, child } = await agent.startLoopback({ url: module, name: plugin.name, options: {} })
    closers.push(async () => {
      child.kill()
      await child.ended
    })
    return { url: target, shown: { name, url: target, origin: 'loopback' } }
  }

  return {
    of(flow) {
      const key = `${flow.driver}\n${flow.target.name}`
      return unlessInterrupted(interrupt, () => {
        const known = ready.get(key) ?? make(flow)
        ready.set(key, known)
        return known
      })
    },
    async close() {
      // a service that is still starting after an interrupt ends with this process
      const settled = Promise.allSettled(ready.values())
      await within(startLimitMs, () => settled, undefined, interrupt).catch(() => {})
      const closed = await Promise.allSettled(closers.splice(0).map((close) => close()))
      return closed.flatMap((end) =>
        end.status === 'fulfilled'
          ? []
          : [{ source: 'target', during: 'close', message: redact(messageOf(end.reason)) }],
      )
    },
  }
}
