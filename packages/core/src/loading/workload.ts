import { CloudbenchError } from '../errors.ts'
import type { Connection, Driver, DriverContext, Workload } from '../plugin/driver.ts'
import { nearest } from '../text/suggest.ts'

/** A workload, with everything that it leaves to its driver filled in. */
export interface ResolvedWorkload extends Workload {
  readonly name: string
  connect(context: DriverContext): Connection | Promise<Connection>
}

/** The workload of that name, or the driver's first one. */
export function workloadOf(driver: Driver, name: string | undefined): ResolvedWorkload {
  const { workloads, name: driverName, loopback: _, ...own } = driver
  const names = workloads ? Object.keys(workloads) : []
  const chosen = name ?? names[0] ?? driverName
  if (workloads ? !Object.hasOwn(workloads, chosen) : chosen !== driverName)
    throw unknownWorkload(driverName, chosen, names)
  const resolved = { ...own, ...workloads?.[chosen], name: chosen }
  const { connect } = resolved
  if (!connect)
    throw new CloudbenchError({
      code: 'CB_PLUGIN_KIND',
      what: `driver "${driverName}" has no connect function for the workload "${chosen}"`,
      expected: 'connect, on the workload or on the driver',
    })
  return { ...resolved, connect }
}

function unknownWorkload(driver: string, name: string, names: readonly string[]): CloudbenchError {
  const close = nearest(name, names)
  return new CloudbenchError({
    code: 'CB_CONFIG',
    what: `driver "${driver}" has no workload "${name}"`,
    expected: names.length > 0 ? `one of ${names.join(', ')}` : `no workload: "${driver}" has only the one`,
    next: close && `did you mean "${close}"?`,
  })
}
