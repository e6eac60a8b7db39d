import { hash } from 'node:crypto'
import type { MeasuredFunction } from './measured-function.ts'
import type { HashOptions } from '../options.ts'

/** One call hashes a buffer. */
export function hashFunction({ algorithm, size }: HashOptions): MeasuredFunction {
  const input = Buffer.alloc(size, 'cloudbench')
  return { name: `hash ${algorithm}`, call: () => hash(algorithm, input, 'buffer') }
}
