import type { Facts } from '../plugin/common.ts'
import type { Environment, EnvironmentContext, Launch } from '../plugin/environment.ts'
import type { Reporter } from '../plugin/reporter.ts'
import type { HookName, Hooks, Plugin } from './lifecycle.ts'

type ReporterMethod = Exclude<keyof Reporter, 'close'>

/** Which method of a reporter listens to which hook. */
const reporterHooks: Readonly<Record<ReporterMethod, HookName>> = {
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

/** An environment as a plugin of the agent's host; the undo of `apply` becomes its `close`. */
export function adaptEnvironment(environment: Environment, context: () => EnvironmentContext): Plugin {
  const { name, discover, apply, launch } = environment
  let undo: (() => unknown) | undefined
  const hooks: { -readonly [Name in HookName]?: Hooks[Name] } = {}
  if (discover) hooks['machine:discover'] = (): Facts | Promise<Facts> => discover(context())
  if (apply) {
    hooks['machine:apply'] = async () => {
      undo = (await apply(context())) ?? undefined
    }
    hooks.close = async () => {
      const takeBack = undo
      undo = undefined
      await takeBack?.()
    }
  }
  if (launch) hooks['worker:launch'] = (draft: Launch) => launch(draft, context())
  return { name, hooks }
}
