import { expect, test } from 'vitest'
import { advise } from '../src/advise.ts'

test('a spot instance and an unknown machine are worth a note, and nothing else is', () => {
  expect(advise({ facts: { imds: { 'host.lifecycle': 'spot' } } })).toMatchObject([
    { what: 'this is a spot instance', state: 'note' },
  ])
  expect(advise({ facts: { imds: { 'imds.unknown': 'no metadata service answers' } } })).toMatchObject([
    { what: 'no metadata service answers', state: 'note' },
  ])
  expect(advise({ facts: { imds: { 'host.lifecycle': 'on-demand' } } })).toEqual([])
  expect(advise({ facts: {} })).toEqual([])
})
