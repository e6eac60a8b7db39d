import type { Driver, Json } from '@cloudbench/core'
import { parseOptions, workloadOf } from '@cloudbench/core/program'

/** Options as a test writes them: the schema refuses what is not JSON. */
export type GivenOptions = Readonly<Record<string, unknown>>

/**
 * Parses options as the host does. Rejects with the message that users get, such as `redis read-heavy: option "keys": …`.
 * @param workload Defaults to the driver's first.
 */
export async function parse(driver: Driver, options: GivenOptions, workload?: string): Promise<any> {
  const { name, options: schema } = workloadOf(driver, workload)
  return parseOptions(`${driver.name} ${name}`, schema, options as Json)
}
