import type { DriverContext, Outcome } from '@cloudbench/core'
import type { RedisOptions } from './options.ts'

/** How a request can end. */
export interface Outcomes {
  readonly hit: Outcome
  readonly miss: Outcome
  readonly wrongValue: Outcome
  readonly stored: Outcome
  /** An error reply, named by its first word, such as `OOM` or `READONLY`. */
  refused(operation: 'get' | 'set', reply: string): Outcome
}

export function createOutcomes(
  { preload }: Pick<RedisOptions, 'preload'>,
  outcome: DriverContext<RedisOptions>['outcome'],
): Outcomes {
  return {
    hit: outcome('hit', { operation: 'get' }),
    // every key was preloaded: a missing one was lost or evicted
    miss: outcome('miss', { operation: 'get', ok: !preload }),
    wrongValue: outcome('wrong value', { operation: 'get', ok: false }),
    stored: outcome('ok', { operation: 'set' }),
    refused(operation, message) {
      const name = /^[A-Z][A-Z0-9]*/.exec(message)?.[0] ?? 'error'
      const refused = outcome(name, { operation, ok: false })
      refused.example ??= message.slice(0, 300)
      return refused
    },
  }
}
