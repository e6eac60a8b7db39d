import type { Facts } from '@cloudbench/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { derive } from '../src/derive.ts'
import { contextOf } from './fixture.ts'

const derived = (imds: Facts | undefined, options: Record<string, unknown> = {}) =>
  derive(contextOf(options, imds === undefined ? {} : { imds }))

test('two connections for each vCPU', () => {
  expect(derived({ 'host.vCpuCount': 16 })).toEqual([
    { path: 'defaults.connections', value: 32, reason: 'vCPU × 2' },
  ])
})

test('no more than 256', () => {
  expect(derived({ 'host.vCpuCount': 128 })).toEqual([
    { path: 'defaults.connections', value: 256, reason: 'vCPU × 2' },
  ])
  expect(derived({ 'host.vCpuCount': 192 })).toEqual([
    { path: 'defaults.connections', value: 256, reason: 'vCPU × 2, at most 256' },
  ])
})

test('for any machine, the rule holds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), (vCpus) => {
      expect(derived({ 'host.vCpuCount': vCpus })[0]?.value).toBe(Math.min(vCpus * 2, 256))
    }),
  )
})

test('a container with fewer CPUs counts, one with more does not', () => {
  expect(derived({ 'host.vCpuCount': 16, 'cpu.quotaCount': 1.25 })).toEqual([
    { path: 'defaults.connections', value: 3, reason: 'CPU quota of 1.25 × 2' },
  ])
  expect(derived({ 'host.vCpuCount': 16, 'cpu.quotaCount': 64 })[0]?.value).toBe(32)
})

test('nothing of a machine that is not known', () => {
  expect(derived(undefined)).toEqual([])
  expect(derived({ 'imds.unknown': 'no metadata service answers' })).toEqual([])
  expect(derived({ 'cloud.provider': 'aws', 'host.type': 'c99x.large' })).toEqual([])
})

test('the option connections goes before the machine, known or not', () => {
  const expected = [{ path: 'defaults.connections', value: 7, reason: 'its option connections' }]
  expect(derived({ 'host.vCpuCount': 16 }, { connections: 7 })).toEqual(expected)
  expect(derived(undefined, { connections: 7 })).toEqual(expected)
})
