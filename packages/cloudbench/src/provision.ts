import type { Provided } from '@cloudbench/core/program'
import { driverOf, type Registry } from './registry/registry.ts'
import type { Session } from './session.ts'

/** The service that a driver is tried on here; `undefined` when there is none. */
export function serviceOf(driver: string, registry: Registry): string | undefined {
  return driverOf(registry, driver)?.service
}

/**
 * Finds a service for a target without a URL, or starts one that ends with this process. `undefined`: the driver's
 * loopback has to do, unless the service is listed in `CLOUDBENCH_REQUIRE_SERVICES`, which makes it an error.
 */
export async function provision(
  { name, driver }: { readonly name: string; readonly driver: string },
  registry: Registry,
  { env, terminal }: Session,
): Promise<Provided | undefined> {
  const service = serviceOf(driver, registry)
  if (service === undefined) return undefined
  const { findService, ServiceError, startService } = await import('@cloudbench/services')
  const found = await findService(service)
  if (found !== undefined) return { url: found, origin: 'found', close: async () => {} }
  try {
    const { url, stop } = await startService(service, { attached: true, fetch: false })
    return { url, origin: 'started', close: stop }
  } catch (error) {
    const required = (env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/)
    if (!(error instanceof ServiceError) || required.includes(service)) throw error
    terminal.stderr.write(`target ${name}: loopback instead of a service. ${error.message}\n`)
    return undefined
  }
}
