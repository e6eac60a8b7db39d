import { CloudbenchError } from '@cloudbench/core'
import type { Provided } from '@cloudbench/core/program'
import { didYouMean } from '@cloudbench/core/text'
import type { CommandContext } from './command-context.ts'
import { driverOf, type Registry } from './registry/registry.ts'
import { noticeWhenSlow } from './slow-notice.ts'

/** A service of `@cloudbench/services`, or one that ships with a driver. */
export interface Service {
  readonly name: string
  /** `file:` URL of the module that defines it. */
  readonly module?: string
}

/** The local service for a driver; `undefined` when there is none. */
export function serviceOf(driver: string, registry: Registry): Service | undefined {
  const { name, service, file } = driverOf(registry, driver) ?? {}
  if (service === undefined || name === undefined) return undefined
  return service.startsWith('./') ? { name, module: new URL(service, file).href } : { name: service }
}

/**
 * Finds a service for a target without a URL, or starts one that ends with this process. `undefined`: use the driver's
 * loopback; for a service listed in `CLOUDBENCH_REQUIRE_SERVICES` it is an error instead.
 */
export async function provision(
  { name, driver }: { readonly name: string; readonly driver: string },
  registry: Registry,
  required: readonly string[],
  { terminal, rememberUrl }: CommandContext,
  say: (doing: string) => void,
): Promise<Provided | undefined> {
  const service = serviceOf(driver, registry)
  if (service === undefined) return undefined
  const { findService, ServiceError, serviceNames, startService } = await import('@cloudbench/services')
  const { name: serviceName, ...from } = service
  if (service.module === undefined && !serviceNames.some((known) => known === serviceName))
    throw unknownService(serviceName, driverOf(registry, driver)!.package, serviceNames)
  say(`looking for ${serviceName}`)
  const found = await findService(serviceName, from)
  if (found !== undefined) rememberUrl(found)
  if (found !== undefined) return { url: found, origin: 'found', close: async () => {} }
  say(`starting ${serviceName}`)
  try {
    const { url, stop } = await startService(serviceName, { ...from, attached: true, fetch: false })
    rememberUrl(url)
    const close = async (): Promise<void> => {
      const endNotice = noticeWhenSlow(terminal, `stopping ${serviceName}`)
      await stop().finally(endNotice)
    }
    return { url, origin: 'started', close }
  } catch (error) {
    if (!(error instanceof ServiceError) || required.includes(serviceName)) throw error
    terminal.stderr.write(`target ${name}: loopback instead of a service. ${error.message}\n`)
    return undefined
  }
}

function unknownService(name: string, owner: string, known: readonly string[]): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_PLUGIN_MANIFEST',
    what: `${owner} names the service ${name} in its package.json (cloudbench.service), which does not exist`,
    expected: `one of ${known.join(', ')}, or the path of a module of ${owner} that defines one`,
    next: didYouMean(name, known),
  })
}
