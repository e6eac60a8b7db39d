import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { watch } from '../src/watch.ts'
import { machine } from './support/machine.ts'

const files = {
  'proc/net/snmp': `Ip: Forwarding DefaultTTL
Ip: 2 64
Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens OutSegs RetransSegs InErrs
Tcp: 1 200 120000 -1 7982 5000 12 0
`,
  'proc/net/netstat': `TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPTimeouts TCPReqQFullDrop
TcpExt: 0 3 9 7 1
IpExt: InNoRoutes
IpExt: 0
`,
  'proc/net/softnet_stat': `000af92d 00000002 00000005 00000000
000d2dde 0000000a 00000010 00000000
`,
  'proc/net/dev': `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 900000 9000 0 0 0 0 0 0 900000 9000 0 0 0 0 0 0
  eth0:1000 10 0 77 1 0 0 0 2000 20 0 3 4 0 0 0
docker0: 1000 10 0 0 0 0 0 0 2000 20 0 0 0 0 0 0
`,
  'sys/class/net/eth0/device/driver': '-> ../../bus/virtio/drivers/virtio_net',
  'sys/class/net/eth0/statistics/rx_missed_errors': '5\n',
}

const sample = {
  'tcp.sentSegments': 5000,
  'tcp.retransmittedSegments': 12,
  'tcp.timeouts': 7,
  'tcp.listenOverflows': 4,
  'net.droppedPackets': 12 + 1 + 3 + 4 + 5,
  'net.squeezes': 21,
  'net.packets': 30,
  'net.sentBytes': 2000,
  'net.receivedBytes': 1000,
}

test('TCP, softnet and the interfaces are counted: loopback and bridges apart', async () => {
  const watcher = await watch(await machine(files))
  expect(await watcher.read([])).toEqual(sample)
  expect(watcher.signals).toEqual(Object.fromEntries(Object.keys(sample).map((name) => [name, 'counter'])))
})

test('without a device, as in a container, all interfaces but loopback are counted', async () => {
  const { 'sys/class/net/eth0/device/driver': _, ...without } = files
  expect(await (await watch(await machine(without))).read([])).toMatchObject({ 'net.packets': 60 })
})

test('what cannot be read is not declared, and why is told', async () => {
  const watcher = await watch('/nonexistent/root')
  expect(watcher.signals).toEqual({})
  expect(await watcher.read([])).toEqual({})
  expect(watcher.missing).toEqual({
    'tcp.sentSegments': '/proc/net/snmp does not say it',
    'tcp.retransmittedSegments': '/proc/net/snmp does not say it',
    'tcp.timeouts': '/proc/net/netstat does not say it',
    'tcp.listenOverflows': '/proc/net/netstat does not say it',
    'net.droppedPackets': '/proc/net/softnet_stat or /proc/net/dev does not say it',
    'net.squeezes': '/proc/net/softnet_stat does not say it',
    'net.packets': '/proc/net/dev does not say it',
    'net.sentBytes': '/proc/net/dev does not say it',
    'net.receivedBytes': '/proc/net/dev does not say it',
    'net.allowanceExceededPackets':
      'only the driver ena counts it, and this machine has no device of its own',
  })
})

test.each([
  ['proc/net/snmp', 'Tcp: OutSegs RetransSegs\nTcp: 1\n', ['tcp.sentSegments', 'tcp.retransmittedSegments']],
  ['proc/net/snmp', 'Tcp: OutSegs RetransSegs\nTcp: many 12\n', ['tcp.sentSegments']],
  ['proc/net/netstat', 'TcpExt: TCPTimeouts\n', ['tcp.timeouts', 'tcp.listenOverflows']],
  ['proc/net/softnet_stat', 'zzz\n', ['net.squeezes', 'net.droppedPackets']],
  ['proc/net/dev', 'eth0: 1 2 3\n', []],
])('%s that is malformed leaves out what it would say', async (file, text, gone) => {
  const watcher = await watch(await machine({ ...files, [file]: text }))
  const values = await watcher.read([])
  for (const name of gone) {
    expect(values).not.toHaveProperty([name])
    expect(watcher.missing).toHaveProperty([name])
  }
  for (const value of Object.values(values)) expect(value).toBeGreaterThanOrEqual(0)
})

const eth1 = (packets: number): string => `eth1: 1 ${packets} 0 0 0 0 0 0 1 0 0 0 0 0 0 0\n`

test('an interface that vanishes, and returns with new counts, moves only what went over it', async () => {
  const both = files['proc/net/dev'] + eth1(1000)
  const root = await machine({
    ...files,
    'proc/net/dev': both,
    'sys/class/net/eth1/device/driver': '-> ../../bus/virtio/drivers/virtio_net',
  })
  const watcher = await watch(root)
  const packetsWith = async (table: string): Promise<number | undefined> => {
    await writeFile(join(root, 'proc/net/dev'), table)
    return (await watcher.read([]))['net.packets']
  }
  expect(await packetsWith(both)).toBe(1030)
  expect(await packetsWith(files['proc/net/dev'])).toBe(1030)
  expect(await packetsWith(files['proc/net/dev'] + eth1(4))).toBe(1034)
})

test.each([
  { what: 'says its number', rows: ['cpu 0', 'cpu 1'] },
  { what: 'does not, on an older kernel', rows: ['', ''] },
])('a CPU that goes offline and $what takes no squeezes away', async ({ rows }) => {
  const table = (squeezes: readonly (readonly [cpu: number, count: number])[]): string =>
    squeezes
      .map(([cpu, count]) => {
        const hex = (value: number): string => value.toString(16).padStart(8, '0')
        const end = rows[cpu] === '' ? [] : [...Array<number>(9).fill(0), cpu]
        return `${[1, 0, count, ...end].map(hex).join(' ')}\n`
      })
      .join('')
  const cpus = [
    [0, 900],
    [1, 70],
  ] as const
  const root = await machine({ ...files, 'proc/net/softnet_stat': table(cpus) })
  const watcher = await watch(root)
  await writeFile(join(root, 'proc/net/softnet_stat'), table([[1, 70]]))
  expect((await watcher.read([]))['net.squeezes']).toBe(970)
})

test('without any interface there are no sums', async () => {
  const root = await machine(files)
  const watcher = await watch(root)
  await writeFile(join(root, 'proc/net/dev'), 'lo: 9 9 0 0 0 0 0 0 9 9 0 0 0 0 0 0\n')
  const { 'tcp.sentSegments': sent, ...others } = await watcher.read([])
  expect(sent).toBe(5000)
  expect(others).not.toHaveProperty(['net.packets'])
  expect(others).not.toHaveProperty(['net.droppedPackets'])
  await rm(join(root, 'proc'), { recursive: true })
  expect(await watcher.read([])).toEqual({})
})

test('on Linux this machine has counted segments', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('there is no /proc')
  const watcher = await watch('/')
  expect((await watcher.read([]))['tcp.sentSegments']).toBeGreaterThanOrEqual(0)
})
