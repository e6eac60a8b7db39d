import { messageOf } from '../errors.ts'
import { adaptEnvironment } from '../hooks/adapt.ts'
import { Host, type HostOptions } from '../hooks/host.ts'
import type { Logger } from '../plugin/common.ts'
import type { Environment, EnvironmentContext, Launch, Watcher } from '../plugin/environment.ts'
import type { PluginModule } from '../protocol/protocol.ts'
import { addOwnFlags, attributionOf, blankLaunch } from './launch.ts'

/** An environment plugin, imported and with its options parsed. */
export interface LoadedEnvironment {
  readonly module: PluginModule
  readonly plugin: Environment
  readonly options: unknown
}

export interface EnvironmentHostOptions extends Pick<EnvironmentContext, 'facts' | 'signal'> {
  readonly environments: readonly LoadedEnvironment[]
  readonly log: (source: string) => Logger
  /** Once aborted, environments get little time. */
  readonly hurry?: AbortSignal | undefined
}

/** A host that calls the environments of one machine. */
export function createEnvironmentHost(given: EnvironmentHostOptions): Host {
  const { environments, log, facts, signal, hurry } = given
  const host = new Host({ mergeIntervals: () => undefined, around: aroundOf(log), hurry })
  for (const { plugin, options } of environments)
    host.use(adaptEnvironment(plugin, () => ({ options, log: log(plugin.name), signal, facts })))
  return host
}

/** The command line of a worker in draft, and which plugin added what. */
export interface WorkerDraft {
  readonly launch: Launch
  readonly attribution: readonly string[]
}

/** The command line of a worker as environments want it. */
export async function draftWorker(host: Host, index: number, total: number): Promise<WorkerDraft> {
  const launch = blankLaunch(index, total)
  const changes = await host.call('worker:launch', launch)
  const attribution = [...changes.values()].flat() as string[]
  return { launch, attribution: [...addOwnFlags(launch), ...attribution] }
}

/** Answers `worker:launch` with what a plugin changed, and `machine:watch` with a watcher that is one. */
function aroundOf(log: EnvironmentHostOptions['log']): NonNullable<HostOptions['around']> {
  return async (plugin, hook, [draft], call) => {
    if (hook === 'machine:watch') return watcherOf(call, log(plugin))
    if (hook !== 'worker:launch') return call()
    const launch = draft as Launch
    const before = structuredClone(launch)
    await call()
    return attributionOf(plugin, before, launch)
  }
}

/** A watcher that cannot be had is left out, and said once: the load does not depend on it. */
async function watcherOf(call: () => Promise<unknown>, log: Logger): Promise<Watcher | undefined> {
  try {
    const watcher = (await call()) as Partial<Watcher> | undefined
    if (typeof watcher?.signals === 'object') return watcher as Watcher
    throw new Error('it returned no watcher, which declares `signals`')
  } catch (error) {
    log.warn(`watch: ${messageOf(error)}; its signals are left out`)
    return undefined
  }
}
