import { CloudbenchError } from '../errors.ts'
import type { Client, Driver } from '../plugin/driver.ts'
import type { FlowClient } from '../plugin/model.ts'
import { packageOf, tryResolve } from './resolve.ts'

export interface ClientPlaces {
  /** `file:` URL of the driver's module. */
  readonly driver: string
  /** `file:` URL of the config file, or of the folder to start from, with a trailing slash. */
  readonly from: string
}

/**
 * What speaks to the target of a flow, by the option `client`; `undefined` for drivers that have no such choice.
 * @throws CloudbenchError when its package is not installed.
 */
export function clientOf(driver: Driver, options: unknown, places: ClientPlaces): FlowClient | undefined {
  if (driver.clients === undefined) return undefined
  const name = (options as { readonly client?: unknown } | undefined)?.client
  if (typeof name !== 'string' || !Object.hasOwn(driver.clients, name))
    throw new CloudbenchError({
      code: 'CB_PLUGIN_OPTIONS',
      what: `driver "${driver.name}" has clients, but its option client is ${JSON.stringify(name)}`,
      expected: `one of ${Object.keys(driver.clients).join(', ')} in what its schema puts out`,
      next: 'report this to the authors of the plugin',
    })
  const version = versionOf(driver.name, name, driver.clients[name]!, places)
  return { name, ...(version !== undefined && { version }) }
}

function versionOf(
  driver: string,
  name: string,
  client: Client,
  { driver: driverUrl, from }: ClientPlaces,
): string | undefined {
  if (client.package === undefined) return undefined
  // one that users install is theirs; any other is the driver's own
  const places = client.isOptional ? [from, driverUrl] : [driverUrl]
  for (const place of places) {
    const url = tryResolve(client.package, place)
    if (url !== undefined) return packageOf(url).version
  }
  throw new CloudbenchError({
    code: 'CB_CLIENT_NOT_FOUND',
    what: `driver "${driver}": the package of client "${name}", ${client.package}, is not installed`,
    expected: `${client.package} to be found beside the configuration`,
    next: `npm install --save-dev ${client.package}`,
  })
}
