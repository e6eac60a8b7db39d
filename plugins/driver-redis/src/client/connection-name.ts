import type { DriverContext } from '@cloudbench/core'

/**
 * What a connection is called where requests are traced: the protocol has no place for the trace context of a request, but
 * `CLIENT LIST` and the slow log show this. `undefined` otherwise.
 */
export function connectionName({
  trace,
  connection,
  log,
}: Pick<DriverContext, 'trace' | 'connection' | 'log'>): string | undefined {
  if (trace === undefined) return undefined
  const name = `cloudbench:${trace.run}`
  if (connection.index === 0)
    log.info(
      `Redis has no place for a trace context: requests carry none, and connections are called ${name}`,
    )
  return name
}
