import { isDeepStrictEqual } from 'node:util'
import { fault } from '../../fault.ts'

/** The state of this process that everything in it shares. */
interface Shared {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly execArgv: readonly string[]
}

function look(): Shared {
  return { env: { ...process.env }, cwd: process.cwd(), execArgv: [...process.execArgv] }
}

/** Runs a part of an environment; a fault if it changes this process. */
export async function untouched<T>(what: string, run: () => Promise<T>): Promise<T> {
  const before = look()
  const result = await run()
  const after = look()
  const names = new Set([...Object.keys(before.env), ...Object.keys(after.env)])
  const changed = [...names].filter((name) => before.env[name] !== after.env[name])
  if (changed.length > 0)
    throw fault({
      what: `${what} changes process.env: ${changed.join(', ')}`,
      expected: 'an unchanged process: it belongs to the host, and every plugin in it would notice',
      next: 'launch.env for what a worker should see, and apply for the machine',
    })
  if (before.cwd !== after.cwd || !isDeepStrictEqual(before.execArgv, after.execArgv))
    throw fault({
      what: `${what} changes the ${before.cwd === after.cwd ? 'process.execArgv' : 'working directory'} of the process`,
      expected: 'an unchanged process: it belongs to the host',
      next: 'use absolute paths, and launch.execArgv for the flags of a worker',
    })
  return result
}
