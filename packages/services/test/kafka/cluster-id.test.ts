import { expect, test } from 'vitest'
import { clusterId } from '../../src/kafka/cluster-id.ts'

test('an id is 16 bytes in base64url, as Kafka wants it', () => {
  expect(clusterId(Buffer.from('0123456789abcdef'))).toBe('MDEyMzQ1Njc4OWFiY2RlZg')
  expect(Buffer.from(clusterId(), 'base64url')).toHaveLength(16)
  expect(clusterId()).not.toBe(clusterId())
})

test('an id never begins with a dash, which Kafka would take for an option, whatever its first byte is', () => {
  for (let first = 0; first < 256; first++)
    expect(clusterId(Buffer.alloc(16, first))).toMatch(/^[A-Za-z0-9_]/)
})
