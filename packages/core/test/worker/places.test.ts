import { expect, it } from 'vitest'
import type { Link } from '../../src/worker/connections.ts'
import { refuseTooManyPlaces } from '../../src/worker/places.ts'
import { refusal } from '../config/project.ts'

const links = (count: number, streams: number): Link[] =>
  Array.from({ length: count }, (_, index) => ({ index, connection: { streams, close: () => {} } }))

it('refuses more places for requests than a worker can keep, before it makes them', async () => {
  expect(await refusal(() => refuseTooManyPlaces('main', links(101, 10_000)))).toBe(
    [
      'CB_CONFIG: flow main: 1010000 requests in flight (101 connections with 10000 each) are more than a worker can keep',
      '  expected: at most 1000000 for each worker',
      '  next: lower connections or what one of them carries at once, or set more workers',
    ].join('\n'),
  )
  expect(await refusal(() => refuseTooManyPlaces('main', links(1, 2 ** 53)))).toContain('at most 1000000')
})

it('allows as many as that', () => {
  expect(() => refuseTooManyPlaces('main', links(100, 10_000))).not.toThrow()
})
