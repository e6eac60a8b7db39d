import type { Driver, Json } from '@cloudbench/core'
import { parseOptions, workloadOf } from '@cloudbench/core/program'

/** Options as a test writes them: what is no JSON is for the schema to refuse. */
export type GivenOptions = Readonly<Record<string, unknown>>

/**
 * Parses options as the host does. Rejects with what the user would read, such as `redis read-heavy: option "keys": …`.
 * @param workload The driver's first one unless given.
 */
export async function parse(driver: Driver, options: GivenOptions, workload?: string): Promise<any> {
  const { name, options: schema } = workloadOf(driver, workload)
  return parseOptions(`${driver.name} ${name}`, schema, options as Json)
}
