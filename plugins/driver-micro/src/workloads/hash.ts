import { hash as digest } from 'node:crypto'
import { defineWorkload } from '@cloudbench/core'
import { hashOptions, type HashOptions } from '../options.ts'
import { connectTo } from './connection.ts'
import type { MeasuredFunction } from './measured-function.ts'

export const hash = defineWorkload({
  description: 'the hash of a buffer',
  options: hashOptions,
  connect: connectTo(hashFunction),
})

/** One call hashes a buffer. */
export function hashFunction({ algorithm, size }: HashOptions): MeasuredFunction {
  const input = Buffer.alloc(size, 'cloudbench')
  return { name: `hash ${algorithm}`, call: () => digest(algorithm, input, 'buffer') }
}
