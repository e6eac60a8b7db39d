import { within as limited, type Awaitable } from '@cloudbench/core'
import { fault } from '../fault.ts'
import { doing } from './parent.ts'

/**
 * Calls into the plugin; a fault if it does not answer in time.
 * @param what What the plugin has to do, such as `close`.
 * @param next What to change if it hangs.
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
