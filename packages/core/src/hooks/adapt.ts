import type { Environment, EnvironmentContext, Launch } from '../plugin/environment.ts'
import type { Facts } from '../plugin/facts.ts'
import type { Reporter } from '../plugin/reporter.ts'
import type { HookName, Hooks, Plugin } from './lifecycle.ts'

type ReporterMethod = Exclude<keyof Reporter, 'close'>

/** Which method of a reporter listens to which hook. */
const reporterHooks: Readonly<Record<ReporterMethod, HookName>> = {
  onStep: 'step',
  onRunStart: 'run:start',
  onScenarioStart: 'scenario:start',
  onPhaseStart: 'phase:start',
  onInterval: 'interval',
  onPhaseEnd: 'phase:end',
  onScenarioEnd: 'scenario:end',
  onRunEnd: 'run:end',
}

/** A reporter as a plugin of the host. */
export function adaptReporter(name: string, reporter: Reporter): Plugin {
  const hooks: Record<string, unknown> = {}
  for (const [method, hook] of Object.entries(reporterHooks) as [ReporterMethod, HookName][])
    if (reporter[method]) hooks[hook] = (payload: never) => reporter[method]!(payload)
  if (reporter.close) hooks['close'] = () => reporter.close!()
  return { name, hooks }
}

/** An environment as a plugin of the agent's host. Its `close` stops what `watch` started and undoes what `apply` changed. */
export function adaptEnvironment(environment: Environment, context: () => EnvironmentContext): Plugin {
  const { name, discover, derive, advise, apply, launch, watch } = environment
  const undoes: (() => unknown)[] = []
  let isClosed = false
  const hooks: { -readonly [Name in HookName]?: Hooks[Name] } = {}
  if (discover) hooks['machine:discover'] = (): Facts | Promise<Facts> => discover(context())
  if (derive) hooks['machine:derive'] = () => derive(context())
  if (advise) hooks['machine:advise'] = () => advise(context())
  if (apply)
    hooks['machine:apply'] = async () => {
      const undo = await apply(context())
      // one that took too long is no longer awaited, but must still be undone
      if (undo && isClosed) await undo()
      else if (undo) undoes.push(undo)
    }
  if (watch)
    hooks['machine:watch'] = async () => {
      const watcher = await watch(context())
      // one that took too long is no longer awaited, but must still be closed
      if (isClosed) await watcher.close()
      else undoes.push(() => watcher.close())
      return watcher
    }
  if (apply || watch)
    hooks.close = async () => {
      isClosed = true
      for (const undo of undoes.splice(0).toReversed()) await undo()
    }
  if (launch) hooks['worker:launch'] = (draft: Launch) => launch(draft, context())
  return { name, hooks }
}
