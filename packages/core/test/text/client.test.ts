import { expect, it } from 'vitest'
import { formatClient } from '../../src/text/client.ts'

it('a client is written with its version, where it has one', () => {
  expect(formatClient({ name: 'ioredis', version: '6.0.0' })).toBe('ioredis 6.0.0')
  expect(formatClient({ name: 'wire' })).toBe('wire')
})
