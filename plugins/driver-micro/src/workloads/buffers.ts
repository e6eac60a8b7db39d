import { defineWorkload } from '@cloudbench/core'
import { buffersOptions, type BuffersOptions } from '../options.ts'
import { connectTo } from './connection.ts'
import type { MeasuredFunction } from './measured-function.ts'

export const buffers = defineWorkload({
  description: 'buffers from a pool, or newly allocated',
  options: buffersOptions,
  connect: connectTo(bufferFunction),
})

/** The system hands out memory in pages, and only once they are written to. */
const pageBytes = 4096

/** One call takes `held` buffers, writes to every page of each, and gives them back. */
export function bufferFunction({ source, size, held }: BuffersOptions): MeasuredFunction {
  const pool =
    source === 'pool' ? Array.from({ length: held }, () => Buffer.allocUnsafeSlow(size)) : undefined
  const take: () => Buffer<ArrayBuffer> = pool
    ? () => pool.pop()!
    : source === 'alloc'
      ? () => Buffer.alloc(size)
      : () => Buffer.allocUnsafe(size)
  const taken: Buffer<ArrayBuffer>[] = []
  return {
    name: `buffers ${source}`,
    call() {
      for (let count = 0; count < held; count++) {
        const buffer = take()
        for (let at = 0; at < size; at += pageBytes) buffer[at] = count
        taken.push(buffer)
      }
      while (taken.length > 0) {
        const buffer = taken.pop()!
        pool?.push(buffer)
      }
    },
  }
}
