import { expect, test } from 'vitest'
import { advise } from '../src/advise.ts'
import { options as schema } from '../src/options.ts'

const advised = (count: number | undefined, placement: string) =>
  advise({
    facts: count === undefined ? {} : { numa: { 'numa.nodeCount': count } },
    options: schema.parse({ placement }),
  })

test('several nodes without placement are doubtful', () => {
  expect(advised(2, 'off')).toMatchObject([{ what: 'workers run on any of 2 NUMA nodes: placement is off' }])
})

test.each([
  ['workers that are placed', 2, 'auto'],
  ['one node', 1, 'off'],
  ['nodes that cannot be read', undefined, 'off'],
])('%s need no advice', (_, count, placement) => {
  expect(advised(count, placement)).toEqual([])
})
