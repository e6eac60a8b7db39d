import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { frequency } from '../../src/signals/frequency.ts'

const file = (cpu: number): string => `sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_cur_freq`

test('the mean of the CPUs that answer, in hertz', async () => {
  const machine = await machineTree({
    [file(0)]: '2000000\n',
    [file(1)]: '3000000\n',
    [file(2)]: '<unknown>\n',
  })
  const source = await frequency(machine.root)
  expect(source.signals).toEqual({ 'cpu.frequencyHz': 'gauge' })
  expect(await source.read([])).toEqual({ 'cpu.frequencyHz': 2.5e9 })
  await machine.remove('sys')
  expect(await source.read([])).toEqual({ 'cpu.frequencyHz': undefined })
})

test('of many CPUs, a few that are spread over the machine', async () => {
  const half = (cpu: number): string => (cpu < 32 ? '1000000\n' : '2000000\n')
  const files = Array.from({ length: 64 }, (_, cpu) => [file(cpu), half(cpu)] as const)
  const { root } = await machineTree(Object.fromEntries(files))
  expect(await (await frequency(root)).read([])).toEqual({ 'cpu.frequencyHz': 1.5e9 })
})

test('a guest that cannot see it: missing', async () => {
  const { root } = await machineTree({ 'sys/devices/system/cpu/cpu0/online': '1\n' })
  expect((await frequency(root)).missing).toHaveProperty(['cpu.frequencyHz'])
  expect((await frequency('/nonexistent')).missing).toHaveProperty(['cpu.frequencyHz'])
})
