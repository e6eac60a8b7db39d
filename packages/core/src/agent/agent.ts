import type { Facts, Logger } from '../plugin/common.ts'
import type { Environment, Launch } from '../plugin/environment.ts'
import type { RunError } from '../plugin/model.ts'
import type { WorkerInterval } from '../metrics/delta.ts'
import type { PluginModule } from '../protocol/protocol.ts'
import { adaptEnvironment } from '../hooks/adapt.ts'
import { Host } from '../hooks/host.ts'
import { startChild, type Child } from './child.ts'
import { argvOf, attributionOf, blankLaunch, entryOf } from './launch.ts'

/** An environment plugin, imported and with its options parsed. */
export interface LoadedEnvironment {
  readonly module: PluginModule
  readonly plugin: Environment
  readonly options: unknown
}

export interface AgentOptions {
  readonly environments: readonly LoadedEnvironment[]
  readonly log: (source: string) => Logger
}

/** A worker that has been started, and not yet addressed. */
export interface StartedWorker {
  readonly child: Child
  readonly launch: Launch
  readonly attribution: readonly string[]
}

/** Sees to one machine: runs environments, starts workers, puts everything back. */
export interface Agent {
  readonly facts: Readonly<Record<string, Facts>>
  readonly environments: readonly PluginModule[]
  discover(): Promise<void>
  apply(): Promise<void>
  startWorkers(
    total: number,
    onInterval: (worker: number, interval: WorkerInterval) => void,
  ): Promise<readonly StartedWorker[]>
  startLoopback(driver: PluginModule): Promise<{ readonly target: string; readonly child: Child }>
  /** Kills what is left of the processes. */
  kill(): void
  close(): Promise<readonly RunError[]>
}

/** The agent of this machine, in this process. */
export function createLocalAgent({ environments, log }: AgentOptions): Agent {
  const facts: Record<string, Facts> = {}
  const children = new Set<Child>()
  const stop = new AbortController()
  const host = new Host({
    mergeIntervals: () => undefined,
    async around(plugin, hook, [draft], call) {
      if (hook !== 'worker:launch') return call()
      const launch = draft as Launch
      const before = structuredClone(launch)
      await call()
      return attributionOf(plugin, before, launch)
    },
  })
  for (const { plugin, options } of environments)
    host.use(adaptEnvironment(plugin, () => ({ options, log: log(plugin.name), signal: stop.signal, facts })))

  const track = (child: Child): Child => {
    children.add(child)
    void child.ended.then(() => children.delete(child))
    return child
  }
  const logOf =
    (name: string) =>
    (level: 'debug' | 'info' | 'warn', message: string): void =>
      log(name)[level](message)

  return {
    facts,
    environments: environments.map(({ module }) => module),
    async discover() {
      for (const [name, found] of await host.call('machine:discover')) facts[name] = found as Facts
    },
    async apply() {
      await host.call('machine:apply')
    },
    async startWorkers(total, onInterval) {
      const drafts: { readonly launch: Launch; readonly attribution: readonly string[] }[] = []
      for (let index = 0; index < total; index++) {
        const launch = blankLaunch(index, total)
        const changes = await host.call('worker:launch', launch)
        drafts.push({ launch, attribution: [...changes.values()].flat() as string[] })
      }
      return Promise.all(
        drafts.map(async ({ launch, attribution }) => {
          const name = `worker ${launch.worker.index}`
          const child = await startChild({
            name,
            argv: argvOf(launch),
            env: { ...process.env, ...launch.env },
            onInterval: (interval) => onInterval(launch.worker.index, interval),
            onLog: logOf(name),
          })
          return { child: track(child), launch, attribution }
        }),
      )
    },
    async startLoopback(driver) {
      const { file, flags } = entryOf('./loopback-main')
      const name = `loopback ${driver.name}`
      const child = track(
        await startChild({
          name,
          argv: [process.execPath, ...flags, file],
          env: process.env,
          onLog: logOf(name),
        }),
      )
      const { target } = await child.request('loopback', { driver, options: {} }, 10_000)
      return { target, child }
    },
    kill() {
      for (const child of children) child.kill()
    },
    async close() {
      stop.abort()
      await host.call('close')
      for (const child of children) child.kill()
      await Promise.all(Array.from(children, ({ ended }) => ended))
      return host.takeErrors()
    },
  }
}
