import type { Facts, Launch } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { launch } from '../src/heap.ts'
import { contextOf } from './fixture.ts'

const gibibyte = 1024 ** 3
const draft = (total: number, execArgv: string[] = []): Launch => ({
  worker: { index: 0, total },
  wrap: [],
  execArgv,
  env: {},
})
const flagsFor = (
  workers: number,
  facts: Record<string, Facts>,
  options: Record<string, unknown> = {},
): readonly string[] => {
  const launched = draft(workers)
  launch(launched, contextOf(options, facts))
  return launched.execArgv
}
const withMemory = (gib: number): Record<string, Facts> => ({ imds: { 'host.memoryBytes': gib * gibibyte } })

test('60 % of the memory', () => {
  expect(flagsFor(1, withMemory(4))).toEqual(['--max-old-space-size=2457'])
})

test('no more than 8 GiB', () => {
  expect(flagsFor(1, withMemory(32))).toEqual(['--max-old-space-size=8192'])
})

test('all workers share it', () => {
  expect(flagsFor(4, withMemory(32))).toEqual(['--max-old-space-size=2048'])
})

test('a container that has less wins, whichever environment found it', () => {
  const facts = { ...withMemory(32), memory: { 'memory.limitBytes': gibibyte } }
  expect(flagsFor(2, facts)).toEqual(['--max-old-space-size=307'])
  const own = { imds: { 'host.memoryBytes': 32 * gibibyte, 'memory.limitBytes': gibibyte } }
  expect(flagsFor(2, own)).toEqual(['--max-old-space-size=307'])
  const large = { ...withMemory(4), memory: { 'memory.limitBytes': 64 * gibibyte } }
  expect(flagsFor(1, large)).toEqual(['--max-old-space-size=2457'])
})

test('nothing of a machine that is not known: V8 keeps its default', () => {
  expect(flagsFor(1, {})).toEqual([])
  expect(flagsFor(1, { memory: { 'memory.limitBytes': gibibyte } })).toEqual([])
  expect(flagsFor(1, { imds: { 'imds.unknown': 'no metadata service answers' } })).toEqual([])
})

test('nothing where each worker would get too little', () => {
  expect(flagsFor(16, withMemory(0.5))).toEqual([])
})

test('the option heapMb is for all workers together, and goes before the machine', () => {
  expect(flagsFor(4, withMemory(32), { heapMb: 1024 })).toEqual(['--max-old-space-size=256'])
  expect(flagsFor(1, {}, { heapMb: 1024 })).toEqual(['--max-old-space-size=1024'])
})

test('an option that leaves too little is refused', () => {
  expect(() => flagsFor(8, {}, { heapMb: 100 })).toThrow(
    'heapMb: 100 leaves 12 MiB of heap for each of 8 workers',
  )
})

test.each([
  '--max-old-space-size=64',
  '--max_old_space_size=64',
  '--max-heap-size=64',
  '--max-old-space-size-percentage=10',
])('%s was there before, and stays alone', (flag) => {
  const launched = draft(1, [flag])
  const context = contextOf({}, withMemory(32))
  launch(launched, context)
  expect(launched.execArgv).toEqual([flag])
  expect(context.warnings).toEqual([])
})

test('an option that loses to a flag is reported', () => {
  const launched = draft(1, ['--max-old-space-size=64'])
  const context = contextOf({ heapMb: 512 })
  launch(launched, context)
  expect(launched.execArgv).toEqual(['--max-old-space-size=64'])
  expect(context.warnings).toEqual(['--max-old-space-size=64 is already set, so heapMb: 512 is not used'])
})
