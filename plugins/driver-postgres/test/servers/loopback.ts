import type { LoopbackOptions } from '@cloudbench/core'
import { loopbackServer } from '@cloudbench/fixtures/loopback-server'
import driver from '../../src/index.ts'
import { realPostgres, withoutPostgres } from './postgres.ts'

/** The driver's own server, closed with the test. */
export async function loopbackTarget(options?: LoopbackOptions): Promise<string> {
  return (await loopbackServer(driver, options)).target
}

export interface TestTarget {
  readonly name: string
  readonly isSkipped: boolean
  start(): Promise<{ readonly url: string; readonly schema: string }>
}

/** The real server and the loopback server, which must behave the same. */
export const bothTargets: readonly TestTarget[] = [
  { name: 'a real PostgreSQL', isSkipped: withoutPostgres, start: realPostgres },
  {
    name: 'the loopback server',
    isSkipped: false,
    start: async () => ({ url: await loopbackTarget(), schema: 'test' }),
  },
]
