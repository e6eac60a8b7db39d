import { brandOf } from '@cloudbench/core'
import { expect, test } from 'vitest'
import plugin from '../src/index.ts'
import { options } from '../src/options.ts'

test('it is an environment named memory', () => {
  expect(plugin.name).toBe('memory')
  expect(brandOf(plugin)?.kind).toBe('environment')
})

test('the defaults', () => {
  expect(options.parse({})).toEqual({ heapShare: 0.8, balloonGuard: true, root: '/' })
})

test.each([
  { maxOldSpaceMb: 0 },
  { maxOldSpaceMb: 1.5 },
  { heapShare: 1.2 },
  { semiSpaceMb: '16' },
  { heapSize: 1 },
])('%o is refused', (input) => {
  expect(options.safeParse(input).success).toBe(false)
})
