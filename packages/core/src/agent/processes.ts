import type { WorkerInterval } from '../metrics/delta.ts'
import type { Logger } from '../plugin/common.ts'
import type { Launch } from '../plugin/environment.ts'
import type { PluginModule } from '../protocol/protocol.ts'
import { startChild, type Child, type ChildOptions } from './child.ts'
import { argvOf, loopbackArgv } from './launch.ts'
import type { Spares } from './spares.ts'

const loopbackLimitMs = 10_000

/** The processes of an agent: load workers, and drivers' loopback servers. */
export interface Processes {
  startWorker(launch: Launch, onInterval: (interval: WorkerInterval) => void): Promise<Child>
  startLoopback(driver: PluginModule): Promise<{ readonly target: string; readonly child: Child }>
  /** Kills what is left of them. */
  kill(): void
  /** Resolves when all have ended. */
  ended(): Promise<void>
}

export function createProcesses(log: (source: string) => Logger, spares?: Spares): Processes {
  const children = new Set<Child>()
  const start = async (options: Omit<ChildOptions, 'onLog'>): Promise<Child> => {
    const child = await startChild({
      ...options,
      onLog: (level, message) => log(options.name)[level](message),
    })
    children.add(child)
    void child.ended.then(() => children.delete(child))
    return child
  }
  return {
    startWorker(launch, onInterval) {
      const argv = argvOf(launch)
      return start({
        name: `worker ${launch.worker.index}`,
        argv,
        env: { ...process.env, ...launch.env },
        // it was started with the variables of this process
        spare: Object.keys(launch.env).length === 0 ? spares?.take(argv) : undefined,
        onInterval,
      })
    },
    async startLoopback(driver) {
      const argv = loopbackArgv()
      const child = await start({
        name: `loopback ${driver.name}`,
        argv,
        env: process.env,
        spare: spares?.take(argv),
      })
      const step = `start of the loopback server of driver ${driver.name}`
      const deadline = { limitMs: loopbackLimitMs, step }
      const { target } = await child.request('loopback', { driver, options: {} }, deadline)
      return { target, child }
    },
    kill() {
      for (const child of children) child.kill()
    },
    async ended() {
      await Promise.all(Array.from(children, ({ ended }) => ended))
    },
  }
}
