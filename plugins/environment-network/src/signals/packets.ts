import { join } from 'node:path'
import { type Counts, createTally, readNumber, readText } from '@cloudbench/environment-kit'
import { parseTable, type Interface } from '../interfaces.ts'

type PacketSignal =
  | 'net.droppedPackets'
  | 'net.squeezes'
  | 'net.packets'
  | 'net.sentBytes'
  | 'net.receivedBytes'

/** What a signal adds up, by the name of the CPU or the interface. */
type Parts = Partial<Record<PacketSignal, Counts>>

/**
 * Reads what went over the interfaces, and what the kernel dropped and left for later. CPUs and interfaces that come and go move
 * no sum. What cannot be read is left out. Never rejects.
 */
export function packetReader(
  root: string,
  interfaces: readonly Interface[],
): () => Promise<Partial<Record<PacketSignal, number>>> {
  const tallies = new Map<string, ReturnType<typeof createTally>>()
  return async () => {
    const [softnet, traffic] = await Promise.all([readSoftnet(root), readTraffic(root, interfaces)])
    const sums = Object.entries(partsOf(softnet, traffic)).map(([name, parts]) => {
      const tally = tallies.get(name) ?? createTally()
      tallies.set(name, tally)
      return [name, tally(parts)] as const
    })
    return Object.fromEntries(sums)
  }
}

function partsOf(softnet: readonly Softnet[] | undefined, traffic: readonly Traffic[] | undefined): Parts {
  return {
    ...(softnet && { 'net.squeezes': column(softnet, ({ squeezes }) => squeezes) }),
    ...(softnet &&
      traffic && {
        'net.droppedPackets': new Map([
          ...column(softnet, ({ dropped }) => dropped),
          ...column(traffic, ({ dropped }) => dropped),
          ...traffic.flatMap(({ name, missed }) =>
            missed === undefined ? [] : [[`${name} missed`, missed] as const],
          ),
        ]),
      }),
    ...(traffic && {
      'net.packets': column(traffic, ({ packets }) => packets),
      'net.sentBytes': column(traffic, ({ sentBytes }) => sentBytes),
      'net.receivedBytes': column(traffic, ({ receivedBytes }) => receivedBytes),
    }),
  }
}

function column<Row extends { readonly name: string }>(
  rows: readonly Row[],
  pick: (row: Row) => number,
): Counts {
  return new Map(rows.map((row) => [row.name, pick(row)]))
}

/** What went over an interface. */
interface Traffic {
  readonly name: string
  readonly receivedBytes: number
  readonly sentBytes: number
  readonly packets: number
  readonly dropped: number
  /** Packets that arrived and found no room. Absent where the device does not say it. */
  readonly missed?: number
}

/** From /proc/net/dev. An interface that is gone is left out; undefined where all are. */
async function readTraffic(
  root: string,
  interfaces: readonly Interface[],
): Promise<readonly Traffic[] | undefined> {
  const table = (await readText(join(root, 'proc/net/dev'))) ?? ''
  const names = new Set(interfaces.map(({ name }) => name))
  const rows = parseTable(table).filter(({ name }) => names.has(name))
  if (rows.length === 0) return undefined
  return await Promise.all(
    rows.map(async ({ name, numbers }) => {
      const missed = await readNumber(join(root, 'sys/class/net', name, 'statistics/rx_missed_errors'))
      return {
        name,
        receivedBytes: numbers[0]!,
        sentBytes: numbers[8]!,
        packets: numbers[1]! + numbers[9]!,
        // overruns of the receiver, drops and overruns of the sender. The column of received drops is left out: packets of
        // protocols that the machine does not speak are in it too, which every network has
        dropped: numbers[4]! + numbers[11]! + numbers[12]!,
        ...(missed !== undefined && { missed }),
      }
    }),
  )
}

/** What the kernel did with packets on a CPU. */
interface Softnet {
  readonly name: string
  /** Since a queue was full. */
  readonly dropped: number
  /** How often packets were left for later. */
  readonly squeezes: number
}

/** Undefined where it cannot be read. */
async function readSoftnet(root: string): Promise<readonly Softnet[] | undefined> {
  const text = (await readText(join(root, 'proc/net/softnet_stat'))) ?? ''
  const rows = text.split('\n').filter((line) => /^[\da-f]{8} [\da-f]{8} [\da-f]{8}\b/.test(line))
  if (rows.length === 0) return undefined
  return rows.map((row, at) => {
    const columns = row.split(' ')
    // since Linux 5.10 a row says its CPU; before, those behind a CPU that goes offline move up
    const name = columns[12] === undefined ? `${at} of ${rows.length}` : `cpu ${columns[12]}`
    return { name, dropped: Number.parseInt(columns[1]!, 16), squeezes: Number.parseInt(columns[2]!, 16) }
  })
}
