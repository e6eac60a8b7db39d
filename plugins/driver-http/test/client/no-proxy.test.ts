import { expect, test } from 'vitest'
import { isExcluded, isLoopback } from '../../src/client/no-proxy.ts'

test.for([
  ['example.com', 'example.com', 80, true],
  ['example.com', 'EXAMPLE.com.', 80, true],
  ['example.com', 'api.example.com', 80, true],
  ['.example.com', 'example.com', 80, true],
  ['*.example.com', 'api.example.com', 80, true],
  ['*.example.com', 'example.com', 80, false],
  ['example.com', 'notexample.com', 80, false],
  ['example.com:8080', 'example.com', 8080, true],
  ['example.com:8080', 'example.com', 80, false],
  ['a.test, b.test', 'b.test', 80, true],
  ['a.test b.test', 'b.test', 80, true],
  ['*', 'anything', 80, true],
  ['*:443', 'anything', 80, false],
  ['10.0.0.1', '10.0.0.1', 80, true],
  ['::1', '::1', 80, true],
  ['[::1]:443', '::1', 443, true],
  ['[::1]:443', '::1', 80, false],
  ['', 'example.com', 80, false],
] as const)('NO_PROXY %s excludes %s on %i: %s', ([list, host, port, isSo]) => {
  expect(isExcluded(list, host, port)).toBe(isSo)
})

test('loopback is what a proxy elsewhere cannot reach', () => {
  expect(
    ['localhost', 'Localhost.', 'app.localhost', '127.0.0.1', '127.9.9.9', '::1'].every(isLoopback),
  ).toBe(true)
  expect(['example.com', '10.0.0.1', '127.example.com', 'localhost.example.com'].some(isLoopback)).toBe(false)
})
