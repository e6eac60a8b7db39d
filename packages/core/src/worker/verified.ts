import { CloudbenchError, messageOf } from '../errors.ts'
import { within } from '../hooks/deadline.ts'
import { lifecycle } from '../hooks/lifecycle.ts'
import { importPlugin } from '../loading/import.ts'
import { parseOptions } from '../loading/options.ts'
import type { EnvironmentContext } from '../plugin/environment.ts'
import type { Facts } from '../plugin/facts.ts'
import type { PluginModule, Requests } from '../protocol/protocol.ts'

/** What an environment proves about this worker; undefined for one that proves nothing. */
export async function verified(
  module: PluginModule,
  { launch, facts }: Pick<Requests['init']['command'], 'launch' | 'facts'>,
  context: Pick<EnvironmentContext, 'log' | 'signal'>,
): Promise<Facts | void> {
  const environment = await importPlugin(module.url, 'environment')
  if (!environment.verify) return undefined
  const options = await parseOptions(module.name, environment.options, module.options)
  try {
    return await within(lifecycle['worker:verify'].limitMs, () =>
      environment.verify!(launch, { ...context, options, facts }),
    )
  } catch (cause) {
    throw new CloudbenchError({
      code: 'CB_HOOK',
      what: `[${module.name}] worker:verify: ${messageOf(cause)}`,
      expected: 'a setting that took effect in the worker',
      cause,
    })
  }
}
