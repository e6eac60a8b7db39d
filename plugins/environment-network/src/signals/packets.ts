import { join } from 'node:path'
import { readNumber, readText } from '@cloudbench/environment-kit'
import { parseTable, type Interface } from '../interfaces.ts'

interface Traffic {
  readonly receivedBytes: number
  readonly sentBytes: number
  readonly packets: number
  readonly dropped: number
}

/** What went over the interfaces, summed, from /proc/net/dev. Undefined unless all of them can be read. Never rejects. */
export async function readTraffic(
  root: string,
  interfaces: readonly Interface[],
): Promise<Traffic | undefined> {
  const table = await readText(join(root, 'proc/net/dev'))
  if (table === undefined) return undefined
  const names = new Set(interfaces.map(({ name }) => name))
  const rows = parseTable(table).filter(({ name }) => names.has(name))
  // without one of them the sums would fall
  if (rows.length !== names.size) return undefined
  const missed = await Promise.all(rows.map(({ name }) => missedBy(root, name)))
  const sum = (column: number): number => rows.reduce((total, { numbers }) => total + numbers[column]!, 0)
  return {
    receivedBytes: sum(0),
    sentBytes: sum(8),
    packets: sum(1) + sum(9),
    // overruns of the receiver, drops and overruns of the sender. The column of received drops is left out: packets of protocols
    // that the machine does not speak are in it too, which every network has
    dropped: sum(4) + sum(11) + sum(12) + missed.reduce((total, count) => total + count, 0),
  }
}

/** Packets that arrived and found no room. */
async function missedBy(root: string, name: string): Promise<number> {
  return (await readNumber(join(root, 'sys/class/net', name, 'statistics/rx_missed_errors'))) ?? 0
}

/**
 * What the kernel itself dropped since a queue was full, and how often it left packets for later, over all CPUs. Undefined where
 * it cannot be read. Never rejects.
 */
export async function readSoftnet(
  root: string,
): Promise<{ readonly dropped: number; readonly squeezes: number } | undefined> {
  const text = (await readText(join(root, 'proc/net/softnet_stat'))) ?? ''
  const rows = text.split('\n').filter((line) => /^[\da-f]{8} [\da-f]{8} [\da-f]{8}\b/.test(line))
  if (rows.length === 0) return undefined
  const sum = (column: number): number =>
    rows.reduce((total, row) => total + Number.parseInt(row.split(' ')[column]!, 16), 0)
  return { dropped: sum(1), squeezes: sum(2) }
}
