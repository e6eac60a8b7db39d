import { expect, test } from 'vitest'
import { askedOf, numactlWords, tasksetWords } from '../src/wrapper.ts'

test('a whole node is named by its number', () => {
  const words = numactlWords({ cpus: [4, 5], wholeNode: 1, memory: { policy: 'bind', nodes: [1] } })
  expect(words).toEqual(['numactl', '--cpunodebind=1', '--membind=1'])
  expect(askedOf(words)).toEqual({ cpuNodes: [1], memory: { policy: 'bind', nodes: [1] } })
})

test('a part of a node is named by its CPUs', () => {
  const words = numactlWords({ cpus: [4, 5, 7], memory: { policy: 'prefer', nodes: [1] } })
  expect(words).toEqual(['numactl', '--all', '--physcpubind=4-5,7', '--preferred=1'])
  expect(askedOf(words)).toEqual({ cpus: [4, 5, 7], memory: { policy: 'prefer', nodes: [1] } })
})

test('memory of all nodes in turn', () => {
  const memory = { policy: 'interleave', nodes: [0, 1] } as const
  expect(askedOf(numactlWords({ cpus: [0], memory }))).toEqual({ cpus: [0], memory })
})

test('taskset takes CPUs only', () => {
  const words = tasksetWords({ cpus: [1, 2, 3] })
  expect(words).toEqual(['taskset', '-c', '1-3'])
  expect(askedOf(['nice', '-n', '1', ...words])).toEqual({ cpus: [1, 2, 3] })
})

test('other programs ask for nothing', () => {
  expect(askedOf(['nice', '-n', '1', 'chrt', '-c', '0'])).toEqual({})
})
