import { expect, test } from 'vitest'
import { formatLoad } from '../../src/load/format-load.ts'

test('a closed loop says how many connections it has, and how long they think', () => {
  expect(formatLoad({ model: 'closed', connections: 1, thinkMs: 0 })).toBe('closed loop over 1 connection')
  expect(formatLoad({ model: 'closed', connections: 8, thinkMs: 250 })).toBe(
    'closed loop over 8 connections, 250 ms think time',
  )
})

test('an open loop says where its rate goes, each rate once', () => {
  const stages = [
    { durationMs: 1000, fromPerSecond: 100, toPerSecond: 100 },
    { durationMs: 1000, fromPerSecond: 100, toPerSecond: 2000 },
  ]
  expect(formatLoad({ model: 'open', connections: 10, arrivals: 'poisson', stages })).toBe(
    '100/s → 2000/s poisson over 10 connections',
  )
})
