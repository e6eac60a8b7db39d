import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { discover } from '../../src/facts/discover.ts'
import { newerGroups } from '../groups.ts'

test('facts of a guest with a quota', async () => {
  const { root } = await machineTree({
    ...newerGroups,
    'sys/fs/cgroup/job/cpu.max': '150000 100000\n',
    'proc/pressure/cpu': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
    'proc/cpuinfo': 'processor\t: 0\nflags\t\t: fpu sse hypervisor lahf_lm\n',
    'sys/devices/system/clocksource/clocksource0/current_clocksource': 'kvm-clock\n',
    'sys/class/dmi/id/sys_vendor': 'QEMU\n',
    'sys/class/dmi/id/product_name': 't3.micro\n',
  })
  expect(await discover(root)).toEqual({
    'cpu.quotaCount': 1.5,
    'cpu.quotaPeriodMs': 100,
    'cpu.quotaFile': '/sys/fs/cgroup/job/cpu.max',
    'clock.source': 'kvm-clock',
    'pressure.isAvailable': true,
    'cpu.hasHypervisorFlag': true,
  })
})

test('the firmware of AWS says which type it is, and the catalogue what that means', async () => {
  const machine = await machineTree({
    'sys/class/dmi/id/sys_vendor': 'Amazon EC2\n',
    'sys/class/dmi/id/product_name': 't3.micro\n',
  })
  expect(await discover(machine.root)).toEqual({
    'host.type': 't3.micro',
    'host.isBurstable': true,
    'cpu.baselineShare': 0.1,
    'cpu.creditsPerHour': 12,
    'pressure.isAvailable': false,
  })
  await machine.write('sys/class/dmi/id/product_name', 'm7g.xlarge\n')
  expect(await discover(machine.root)).toMatchObject({ 'host.isBurstable': false })
})

test('of a type that the catalogue does not have, only its name is known', async () => {
  const { root } = await machineTree({
    'sys/class/dmi/id/sys_vendor': 'Amazon EC2\n',
    'sys/class/dmi/id/product_name': 'zz9.plural\n',
  })
  expect(await discover(root)).toEqual({ 'host.type': 'zz9.plural', 'pressure.isAvailable': false })
})

test.each(['HVM domU', '', '<t3.micro>', 'x'.repeat(5000)])('%j is no type', async (product) => {
  const { root } = await machineTree({
    'sys/class/dmi/id/sys_vendor': 'Amazon EC2\n',
    'sys/class/dmi/id/product_name': product,
  })
  expect(await discover(root)).not.toHaveProperty(['host.type'])
})

test('CPUs without flags, such as of ARM, say nothing of a hypervisor; without the flag there is none', async () => {
  const machine = await machineTree({ 'proc/cpuinfo': 'processor\t: 0\nFeatures\t: fp asimd\n' })
  expect(await discover(machine.root)).not.toHaveProperty(['cpu.hasHypervisorFlag'])
  await machine.write('proc/cpuinfo', 'flags : fpu sse\n')
  expect(await discover(machine.root)).toMatchObject({ 'cpu.hasHypervisorFlag': false })
})

test('a machine without /proc and /sys has no pressure, and nothing else is claimed', async () => {
  expect(await discover('/nonexistent')).toEqual({ 'pressure.isAvailable': false })
})

test('binary files and folders in place of files are skipped', async () => {
  const { root } = await machineTree({
    'proc/cpuinfo': Uint8Array.of(0, 255, 254, 10),
    'proc/pressure/cpu/folder': '',
    'sys/devices/system/clocksource/clocksource0/current_clocksource': Uint8Array.of(0, 10),
  })
  expect(await discover(root)).toEqual({ 'pressure.isAvailable': false })
})

test('the machine that runs this test answers', async () => {
  expect(typeof (await discover('/'))['pressure.isAvailable']).toBe('boolean')
})
