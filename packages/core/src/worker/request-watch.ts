import { RequestIds } from '../load/request-ids.ts'
import type { DriverContext } from '../plugin/driver.ts'
import type { Requests } from '../protocol/protocol.ts'
import type { RequestObserver } from './request-observer.ts'
import { SampledRequests } from './sampled-requests.ts'

/** What a flow has where its requests can be told apart: they are traced. */
export interface RequestWatch {
  /** For its driver; absent where the target is not told. */
  readonly trace?: NonNullable<DriverContext['trace']>
  readonly requests: RequestObserver
}

/** Imported only where a scenario asks for it. */
export function watchRequests(
  { run, scenario, trace }: Pick<Requests['init']['command'], 'run' | 'scenario' | 'trace'>,
  flow: string,
): RequestWatch {
  const { ratio, propagate } = trace!
  const ids = new RequestIds(run, scenario, flow, ratio)
  return { ...(propagate && { trace: ids }), requests: new SampledRequests(ids) }
}
