import type { Connection, DriverContext } from '@cloudbench/core'
import type { HttpPlan, RequestWriter } from '@cloudbench/driver-kit/http'
import type { Proxy } from '../client/proxy.ts'
import type { HttpOptions } from '../options.ts'

/** What goes over a connection, whichever client speaks there. */
export interface LanePlan extends HttpPlan<RequestWriter> {
  /** Without TLS, the paths of requests have to begin with their origin. */
  readonly proxy?: Proxy | undefined
}

/** Opens one connection to the target: what each client has to offer. */
export type OpenLane = (context: DriverContext<HttpOptions>, plan: LanePlan) => Promise<Connection>
