import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { steal } from '../../src/signals/steal.ts'

/** user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice */
const stat = (...ticks: readonly number[]): string => `cpu  ${ticks.join(' ')}\ncpu0 1 2 3\n`

test('of what was asked for since the last sample, the share that was stolen', async () => {
  const machine = await machineTree({ 'proc/stat': stat(100, 10, 20, 1000, 50, 1, 2, 7, 3, 0) })
  const source = await steal(machine.root)
  expect(source.signals).toEqual({ 'cpu.stealShare': 'share' })
  await machine.write('proc/stat', stat(140, 20, 30, 5000, 90, 6, 12, 32, 9, 0))
  // 40 + 10 + 10 + 5 + 10 ran, 25 were stolen, and idle time was not asked for
  expect(await source.read([])).toEqual({ 'cpu.stealShare': 0.25 })
  await machine.write('proc/stat', stat(150, 20, 30, 5000, 90, 6, 12, 32, 9, 0))
  expect(await source.read([])).toEqual({ 'cpu.stealShare': 0 })
})

test('nothing is stolen where nothing was asked for, or where the count falls', async () => {
  const machine = await machineTree({ 'proc/stat': stat(100, 10, 20, 1000, 50, 1, 2, 7) })
  const source = await steal(machine.root)
  await machine.write('proc/stat', stat(100, 10, 20, 1100, 50, 1, 2, 7))
  expect(await source.read([])).toEqual({ 'cpu.stealShare': 0 })
  await machine.write('proc/stat', stat(101, 10, 20, 1100, 50, 1, 2, 3))
  expect(await source.read([])).toEqual({ 'cpu.stealShare': 0 })
})

test.each([
  { what: 'a kernel that does not count it', file: 'cpu  1 2 3 4 5 6 7\n' },
  { what: 'a negative number', file: 'cpu  1 2 3 4 5 6 7 -8\n' },
  { what: 'an empty file', file: '' },
  { what: 'another file', file: 'cpus many\n' },
])('$what: missing, and why', async ({ file }) => {
  const { root } = await machineTree({ 'proc/stat': file })
  const source = await steal(root)
  expect(source).toMatchObject({ signals: {}, missing: { 'cpu.stealShare': expect.any(String) as string } })
})

test('a file that goes away is left out, and what comes after it starts anew', async () => {
  const machine = await machineTree({ 'proc/stat': stat(0, 0, 0, 0, 0, 0, 0, 0) })
  const source = await steal(machine.root)
  await machine.remove('proc/stat')
  expect(await source.read([])).toEqual({})
  await machine.write('proc/stat', stat(1000, 0, 0, 0, 0, 0, 0, 1000))
  expect(await source.read([])).toEqual({})
  await machine.write('proc/stat', stat(1001, 0, 0, 0, 0, 0, 0, 1001))
  expect(await source.read([])).toEqual({ 'cpu.stealShare': 0.5 })
})
