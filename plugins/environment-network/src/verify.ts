import { CloudbenchError, type EnvironmentContext, type Facts, type Launch } from '@cloudbench/core'
import { compare } from './compare.ts'
import type { NetworkOptions } from './options.ts'

/** Proves inside the worker that what was applied holds there: a worker may run in a network namespace of its own. */
export async function verify(
  _launch: Readonly<Launch>,
  { options }: EnvironmentContext<NetworkOptions>,
): Promise<Facts> {
  if (options.apply === false) return {}
  const asked = (await compare(options)).filter(({ isAsked }) => isAsked)
  const short = asked.find(({ to }) => to !== undefined)
  if (short !== undefined)
    throw new CloudbenchError({
      code: 'CB_HOOK',
      what: `${short.key} is ${short.current} in this worker, although ${short.to} was applied`,
      expected: 'workers in the network namespace of the agent, and settings that stay',
      next: 'look for a wrapper that starts workers in another namespace, or for a program that sets it too',
    })
  const there = asked.flatMap(({ key, current }) => (current === undefined ? [] : [[key, current]]))
  return Object.fromEntries(there) as Facts
}
