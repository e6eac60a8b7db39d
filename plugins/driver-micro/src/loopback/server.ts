import type { Loopback } from '@cloudbench/core'
import { hostTarget } from '../target.ts'

/** There is no server to start: the functions run in the load worker itself. */
export function loopback(): Loopback {
  return { target: hostTarget, close() {} }
}
