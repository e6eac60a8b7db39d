import { join } from 'node:path'
import { readText } from '@cloudbench/environment-kit'

/** Which counters of the kernel add up to a signal. Loopback is in all of them: the kernel does not count it apart. */
const sources = {
  // segments that are only sent again are not in it
  'tcp.sentSegments': { file: 'snmp', group: 'Tcp', counters: ['OutSegs'] },
  'tcp.retransmittedSegments': { file: 'snmp', group: 'Tcp', counters: ['RetransSegs'] },
  // those of a SYN are in it; TCPSynRetrans would count them twice
  'tcp.timeouts': { file: 'netstat', group: 'TcpExt', counters: ['TCPTimeouts'] },
  // the queue of those to be accepted, and of those that are not confirmed yet
  'tcp.listenOverflows': {
    file: 'netstat',
    group: 'TcpExt',
    counters: ['ListenOverflows', 'TCPReqQFullDrop'],
  },
} as const

type TcpSignal = keyof typeof sources

/** What TCP has counted since the namespace began; what is not there is left out. Never rejects. */
export async function readTcp(root: string): Promise<Partial<Record<TcpSignal, number>>> {
  const [snmp, netstat] = await Promise.all(
    ['snmp', 'netstat'].map(async (name) => (await readText(join(root, 'proc/net', name))) ?? ''),
  )
  const texts = { snmp: snmp!, netstat: netstat! }
  const values: Partial<Record<TcpSignal, number>> = {}
  for (const [name, { file, group, counters }] of Object.entries(sources)) {
    const found = countersOf(texts[file], group)
    const there = counters.flatMap((counter) => found.get(counter) ?? [])
    // a kernel without the second counter never had what it counts
    if (there.length > 0 && found.has(counters[0])) values[name as TcpSignal] = there.reduce((a, b) => a + b)
  }
  return values
}

/** Two lines that begin with the name of the group: the names, and the values. Values may be negative, such as `MaxConn`. */
function countersOf(text: string, group: string): ReadonlyMap<string, number> {
  const [names, values] = text
    .split('\n')
    .filter((line) => line.startsWith(`${group}: `))
    .map((line) => line.split(' ').slice(1))
  if (names === undefined || names.length !== values?.length) return new Map()
  const read = names.map((name, at) => [name, Number(values[at])] as const)
  return new Map(read.filter(([, value]) => Number.isSafeInteger(value) && value >= 0))
}
