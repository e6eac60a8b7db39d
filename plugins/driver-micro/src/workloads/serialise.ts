import { deserialize, serialize } from 'node:v8'
import type { MeasuredFunction } from './measured-function.ts'
import type { SerialiseOptions } from '../options.ts'

/** One call makes bytes of an object, and an object of the bytes. */
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

/** Texts, numbers, lists and nested objects, as an API has them; as JSON at least that long. */
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
