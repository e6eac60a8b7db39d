import type { Driver } from '@cloudbench/core'
import { importPlugin, resolvePlugin } from '@cloudbench/core/program'

// a driver that does nothing beside its load, so that whatever its server counts is the load: `only-load.ts?<driver>`.

const name = new URL(import.meta.url).search.slice(1)
// the packages of its clients cannot be found from here
const { clients: _clients, ...driver } = await importPlugin(
  resolvePlugin(name, 'driver', { from: import.meta.url }),
  'driver',
)

export default { ...onlyLoad(driver), ...(driver.workloads && { workloads: each(driver.workloads) }) }

function each(workloads: NonNullable<Driver['workloads']>): Driver['workloads'] {
  return Object.fromEntries(Object.entries(workloads).map(([key, workload]) => [key, onlyLoad(workload)]))
}

function onlyLoad<T extends Pick<Driver, 'prepare' | 'audit' | 'cleanup' | 'observe'>>(one: T): T {
  const { prepare: _prepare, audit: _audit, cleanup: _cleanup, observe: _observe, ...load } = one
  return load as T
}
