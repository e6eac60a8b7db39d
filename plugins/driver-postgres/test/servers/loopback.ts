import { onTestFinished } from 'vitest'
import driver from '../../src/index.ts'
import { realPostgres, withoutPostgres } from './postgres.ts'

/** The driver's own server, closed with the test. */
export async function loopbackTarget(
  options: Parameters<NonNullable<typeof driver.loopback>>[0] = {},
): Promise<string> {
  const loopback = await driver.loopback!(options)
  onTestFinished(() => loopback.close())
  return loopback.target
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
