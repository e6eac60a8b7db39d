import type { SignalKind, SignalName, Watcher } from '@cloudbench/core'
import { findInterfaces } from './interfaces.ts'
import { findAllowances } from './signals/allowances.ts'
import { packetReader } from './signals/packets.ts'
import { readTcp } from './signals/tcp.ts'

type Sample = { readonly [Name in SignalName]?: number }

/** Where each signal comes from, for those who miss one. */
const sources = {
  'tcp.sentSegments': '/proc/net/snmp',
  'tcp.retransmittedSegments': '/proc/net/snmp',
  'tcp.timeouts': '/proc/net/netstat',
  'tcp.listenOverflows': '/proc/net/netstat',
  'net.droppedPackets': '/proc/net/softnet_stat or /proc/net/dev',
  'net.squeezes': '/proc/net/softnet_stat',
  'net.packets': '/proc/net/dev',
  'net.sentBytes': '/proc/net/dev',
  'net.receivedBytes': '/proc/net/dev',
  'net.allowanceExceededPackets': 'ethtool',
} as const satisfies { readonly [Name in SignalName]?: string }

/** Samples what TCP sent again, and what the kernel, the interfaces and the cloud dropped. Declares what can be read here. */
export async function watch(root: string): Promise<Watcher> {
  const interfaces = (await findInterfaces(root)) ?? []
  const allowances = await findAllowances(interfaces)

  const readPackets = packetReader(root, interfaces)

  const read = async (): Promise<Sample> => {
    const [tcp, packets, exceeded] = await Promise.all([readTcp(root), readPackets(), allowances.read()])
    return {
      ...tcp,
      ...packets,
      ...(exceeded !== undefined && { 'net.allowanceExceededPackets': exceeded }),
    }
  }

  const first = await read()
  const names = Object.keys(sources) as (keyof typeof sources)[]
  const signals: Record<string, SignalKind> = {}
  const missing: Record<string, string> = {}
  for (const name of names)
    if (first[name] !== undefined) signals[name] = 'counter'
    else if (name === 'net.allowanceExceededPackets')
      missing[name] = allowances.missing ?? 'ethtool does not say it'
    else missing[name] = `${sources[name]} does not say it`
  return {
    signals,
    missing,
    async read() {
      const sample = Object.entries(await read())
      return Object.fromEntries(sample.filter(([name]) => Object.hasOwn(signals, name)))
    },
    close() {},
  }
}
