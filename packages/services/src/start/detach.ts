import { ServiceError } from '../errors.ts'
import { identify } from '../machine/process.ts'
import { teardown } from '../stop/teardown.ts'
import { launch } from './launch.ts'
import type { StartPlan } from './start-plan.ts'
import type { Started } from './started.ts'

/** Starts a service that outlives this process. */
export async function detach(plan: StartPlan, env: NodeJS.ProcessEnv): Promise<Started> {
  const { child, ready, ended } = launch(plan, env)
  const identity = await identify(child.pid)
  return {
    // Docker's command line is not the service, but must end when the start is abandoned.
    identity: plan.foreground ? identity : undefined,
    ready,
    ended,
    async stop() {
      const left = await teardown(plan, identity, env)
      if (left !== undefined)
        throw new ServiceError({ what: `the service could not be stopped: ${left}`, next: 'stop it by hand' })
    },
    release: () => child.unref(),
  }
}
