import { expect, test } from 'vitest'
import { count, duration, rate, share, size, type Quantity } from '../../src/index.ts'

function read(quantity: Quantity, written: unknown): unknown {
  const { success, data, error } = quantity.safeParse(written)
  return success ? data : error.issues.map(({ message }) => message).join('\n')
}

test.each([
  [duration(), '500ms', 500],
  [duration(), '500us', 0.5],
  [duration(), '1h', 3_600_000],
  [duration({ min: 0 }), 0, 0],
  [size(), '1GB', 1e9],
  [size({ min: 40 }), '64KiB', 65_536],
  [count(), 500, 500],
  [count(), '10k', 10_000],
  [count({ min: 0 }), 0, 0],
  [share(), '90%', 0.9],
  [share(), 0, 0],
  [share(), '100%', 1],
  [rate(), 500, 500],
  [rate(), '30/m', 0.5],
])('%# reads what people write', (quantity, written, value) => {
  expect(read(quantity, written)).toBe(value)
})

test.each([
  [
    duration(),
    5,
    '5 what? A duration needs a unit; expected a duration, such as 500us, 10ms, 1.5s, 5m or 1h30m; write 5ms or 5s',
  ],
  [duration(), '5 parsecs', /^"5 parsecs" is not a duration; expected .*; parsecs is not one of ns/],
  [duration(), 0, 'must be greater than 0'],
  [duration({ max: 3_600_000 }), '2h', 'must be at most 1h'],
  [duration(), '30d', '"30d" is longer than a timer can wait; expected a duration of at most 24d20h31m'],
  [duration({ min: 5 }), '4ms', 'must be at least 5.00 ms'],
  [size(), 100, /write 100B or 100KB$/],
  [size({ min: 40 }), '10B', 'must be at least 40 B'],
  [size({ max: 64 * 1024 ** 2 }), '1GB', 'must be at most 64 MiB'],
  [count(), 0, 'must be greater than 0'],
  [count(), 1.5, /^1.5 is not a whole number/],
  [count(), '10m', /did you mean 10M\?$/],
  [count({ max: 10_000 }), '1M', 'must be at most 10000'],
  [share(), 0.9, /write 90%$/],
  [share(), '120%', 'must be at most 100%'],
  [rate(), 0, 'must be greater than 0'],
  [rate(), -1, /^-1 is not a rate/],
  [count(), null, 'null is neither a text nor a number'],
])('%# refuses the rest, and says what to write', (quantity, written, message) => {
  expect(read(quantity, written)).toMatch(message)
})
