import type { MeasuredFunction } from './measured-function.ts'
import type { BuffersOptions } from '../options.ts'

/** Memory is given out in pages, and only when it is written to. */
const pageBytes = 4096

/** One call takes as many buffers as are held at once, writes to every page of them, and gives them back. */
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
