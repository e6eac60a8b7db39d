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

const oneInterface = interfaceTable.replace(/ {2}eth1.*\n/, '')

test('a speed that the device does not know is left out', async () => {
  const root = await machine({ 'proc/net/dev': oneInterface, 'sys/class/net/eth0/speed': '-1\n' })
  expect(await discovered(root)).toEqual({ 'network.interface': 'eth0' })
})

test('without a default route, the only interface is the one, and of several none is', async () => {
  expect(await discovered(await machine({ 'proc/net/dev': oneInterface }))).toEqual({
    'network.interface': 'eth0',
  })
  expect(await discovered(await machine({ 'proc/net/dev': interfaceTable }))).toEqual({})
})

test('where only IPv6 leads out, its default route counts: the one with the lowest metric, and never lo', async () => {
  const [nowhere, gateway] = ['0'.repeat(32), `fe80${'0'.repeat(27)}1`]
  const way = (metric: string, name: string): string =>
    `${nowhere} 00 ${nowhere} 00 ${gateway} ${metric} 00000001 00000000 00000003 ${name.padStart(8)}\n`
  const root = await machine({
    'proc/net/dev': interfaceTable,
    'proc/net/route': 'Iface\tDestination\tGateway\n',
    'proc/net/ipv6_route': `${way('00000400', 'eth0')}${way('00000064', 'eth1')}${way('00000000', 'lo')}`,
  })
  expect(await discovered(root)).toEqual({ 'network.interface': 'eth1' })
})

test('what no kernel says of a setting is no fact', async () => {
  const facts = await discovered(
    await machine(
      filesOf({
        ...untuned,
        'net.core.somaxconn': 'NaN',
        'net.ipv4.tcp_tw_reuse': '7',
        'net.ipv4.ip_local_port_range': '60999 32768',
        'net.ipv4.tcp_available_congestion_control': 'reno \u001b[2J',
      }),
    ),
  )
  for (const key of ['net.core.somaxconn', 'net.ipv4.tcp_tw_reuse', 'net.ipv4.ip_local_port_range'])
    expect(facts).not.toHaveProperty([key])
  expect(facts).not.toHaveProperty(['net.ipv4.tcp_available_congestion_control'])
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
