import { deserialize, serialize } from 'node:v8'
import { defineWorkload } from '@cloudbench/core'
import { serialiseOptions, type SerialiseOptions } from '../options.ts'
import { connectTo } from './connection.ts'
import type { MeasuredFunction } from './measured-function.ts'

export const serialise = defineWorkload({
  description: 'an object to bytes and back, as JSON or with v8.serialize',
  options: serialiseOptions,
  connect: connectTo(serialiseFunction),
})

/** One call turns an object into bytes and the bytes back into an object. */
export function serialiseFunction({ format, size }: SerialiseOptions): MeasuredFunction {
  const order = orderOf(size)
  return {
    name: `serialise ${format}`,
    call:
      format === 'json'
        ? () => JSON.parse(JSON.stringify(order)) as unknown
        : () => deserialize(serialize(order)) as unknown,
  }
}

/** Strings, numbers, lists and nested objects, as in an API; at least that long as JSON. */
function orderOf(sizeBytes: number): object {
  const order = { id: '6f1c7c1e-8a53-4b38-9a5e-0d8f7d1f9c11', paid: true, total: 0, lines: [] as object[] }
  for (let bytes = JSON.stringify(order).length; bytes < sizeBytes;) {
    const line = { article: `A-${order.lines.length}`, count: 3, price: 19.95, tags: ['new', 'größer'] }
    order.lines.push(line)
    order.total += line.count * line.price
    bytes += Buffer.byteLength(JSON.stringify(line)) + 1
  }
  return order
}
