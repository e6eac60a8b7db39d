import { within as limited, type Awaitable } from '@cloudbench/core'
import { fault } from '../fault.ts'
import { doing } from './parent.ts'

/**
 * Calls into the plugin, and faults it when it does not answer in time.
 * @param what Such as `close`: what the plugin is asked to do.
 * @param next What to change when it hangs.
 */
export function within<T>(
  limitMs: number,
  what: string,
  work: () => Awaitable<T>,
  next = 'answer, or reject, whatever the other side does',
): Promise<T> {
  doing(what)
  return limited(limitMs, work, () =>
    fault({
      what: `${what} hangs: no answer within ${limitMs} ms`,
      expected: 'an answer, or a rejection',
      next,
    }),
  )
}
