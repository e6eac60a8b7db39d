import { expect, it } from 'vitest'
import { didYouMean, nearest } from '../../src/text/suggest.ts'

it('suggests what was most likely meant', () => {
  const keys = ['rate', 'connections', 'duration', 'warmup']
  expect(nearest('rtae', keys)).toBe('rate')
  expect(nearest('conections', keys)).toBe('connections')
  expect(nearest('warm-up', keys)).toBe('warmup')
  expect(nearest('DURATION', keys)).toBe('duration')
  expect(nearest('frobnicate', keys)).toBeUndefined()
  expect(nearest('x', keys)).toBeUndefined()
})

it('lists everything when nothing is close', () => {
  expect(didYouMean('zzz', ['b', 'a'])).toBe('available: a, b')
  expect(didYouMean('zzz', [])).toBe('none are available')
  expect(didYouMean('aa', ['a'])).toBe('did you mean a?')
})
