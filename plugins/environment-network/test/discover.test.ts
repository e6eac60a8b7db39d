import { expect, test } from 'vitest'
import { discover } from '../src/discover.ts'
import { contextOf, ownJournals } from './support/context.ts'
import { filesOf, machine, settings, untuned } from './support/machine.ts'

const interfaceTable = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 9 9 0 0 0 0 0 0 9 9 0 0 0 0 0 0
  eth0: 1 2 0 0 0 0 0 0 1 2 0 0 0 0 0 0
  eth1: 1 2 0 0 0 0 0 0 1 2 0 0 0 0 0 0
`

const discovered = async (root: string) => {
  ownJournals()
  return discover(contextOf({ root }))
}

test('kernel settings are facts by their own names, single numbers as numbers', async () => {
  expect(await discovered(await settings())).toEqual({
    'net.core.somaxconn': 4096,
    'net.core.netdev_max_backlog': 1000,
    'net.core.rmem_max': 212_992,
    'net.core.wmem_max': 212_992,
    'net.ipv4.ip_local_port_range': '32768 60999',
    'net.ipv4.tcp_max_syn_backlog': 2048,
    'net.ipv4.tcp_tw_reuse': 2,
    'net.ipv4.tcp_congestion_control': 'cubic',
    'net.ipv4.tcp_available_congestion_control': 'reno cubic',
  })
})

test('the interface is the one that the default route leaves by, with its driver and its speed', async () => {
  const root = await machine({
    'proc/net/dev': interfaceTable,
    'proc/net/route': 'Iface\tDestination\tGateway\neth0\t000200C0\t0\neth1\t00000000\t010200C0\n',
    'sys/class/net/eth1/device/driver': '-> ../../bus/pci/drivers/ena',
    'sys/class/net/eth1/speed': '25000\n',
    'sys/class/net/eth0/device/driver': '-> ../../bus/pci/drivers/virtio_net',
    'sys/class/net/eth0/speed': '-1\n',
  })
  expect(await discovered(root)).toEqual({
    'network.interface': 'eth1',
    'network.driver': 'ena',
    'network.linkBitsPerSecond': 25e9,
  })
})

test('a speed that the device does not know is left out', async () => {
  const root = await machine({ 'proc/net/dev': interfaceTable, 'sys/class/net/eth0/speed': '-1\n' })
  expect(await discovered(root)).toEqual({ 'network.interface': 'eth0' })
})

test('a machine without /proc has no facts', async () => {
  expect(await discovered('/nonexistent/root')).toEqual({})
})

test('what is no setting is left out: an empty file, a folder, pages of text', async () => {
  const root = await machine({
    ...filesOf({ ...untuned, 'net.core.somaxconn': '', 'net.core.rmem_max': 'x'.repeat(5_000) }),
    'proc/net/dev': '\0\n\xff\n:::\n',
  })
  const facts = await discovered(root)
  expect(facts).not.toHaveProperty(['net.core.somaxconn'])
  expect(facts).not.toHaveProperty(['net.core.rmem_max'])
  expect(facts).not.toHaveProperty(['network.interface'])
  expect(facts).toHaveProperty(['net.core.wmem_max'], 212_992)
})
