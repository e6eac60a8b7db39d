import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { checkedFrom, frame, recordFields } from '@cloudbench/core/log'
import { pack } from 'msgpackr'
import { folder } from '../support/cli.ts'

/** A request as a test gives it: the rest has a value of its own. */
export interface Given {
  readonly outcome?: number
  readonly phase?: number
  readonly connection?: number
  readonly index?: number
  readonly dueNs?: number
  readonly sentNs?: number
  readonly doneNs?: number
  readonly trace?: string
  readonly span?: string
}

export const header = {
  format: 'cloudbench-log',
  version: 1,
  fields: [...recordFields],
  cloudbench: '1.0.0',
  run: '20261127-091500-1f3a',
  scenario: 'checkout',
  worker: { index: 0, total: 2 },
  sample: 1,
  anchor: { monotonic_ns: 1e12, wall_clock_ms: Date.UTC(2026, 10, 27, 9, 15) },
  flows: [{ name: 'main', driver: 'redis', workload: 'get' }],
  phases: [
    { name: 'warmup', kind: 'warmup' },
    { name: 'measure', kind: 'measure' },
  ],
}

export const hit = { outcome: 1, flow: 'main', operation: 'get', name: 'hit', ok: true, given_up: false }
export const miss = { ...hit, outcome: 2, name: 'miss' }
export const refused = { ...hit, outcome: 3, name: 'refused', ok: false }
export const timedOut = { ...hit, outcome: 4, name: 'timedOut', ok: false, given_up: true }

/** The frame and the contents of a segment, by msgpackr: another hand than the one that writes logs. */
export function segment(number: number, contents: Buffer, records = 0, dropped = 0): Buffer {
  const start = Buffer.alloc(frame.bytes)
  start.set(pack(['cblog']).subarray(1), 1)
  start[0] = 0x96
  for (const at of [frame.crc, frame.number, frame.contents]) start[at - 1] = 0xce
  for (const at of [frame.records, frame.dropped]) start[at - 1] = 0xcb
  start.writeUInt32BE(number, frame.number)
  start.writeUInt32BE(contents.length, frame.contents)
  start.writeDoubleBE(records, frame.records)
  start.writeDoubleBE(dropped, frame.dropped)
  start.writeUInt32BE(crc32(contents, crc32(start.subarray(checkedFrom))), frame.crc)
  return Buffer.concat([start, contents])
}

export function record(given: Given): Buffer {
  const { outcome = 1, phase = 1, connection = 0, index = 0, trace = '', span = '' } = given
  const { dueNs = 1e12, sentNs = dueNs, doneNs = sentNs } = given
  const parts = [
    Buffer.of(0x99, 0xce),
    word(outcome),
    Buffer.of(0xcd, phase >> 8, phase & 255, 0xce),
    word(connection),
    ...[index, dueNs, sentNs, doneNs].map(double),
    Buffer.of(0xc4, 16),
    Buffer.from(trace.padEnd(32, '0'), 'hex'),
    Buffer.of(0xc4, 8),
    Buffer.from(span.padEnd(16, '0'), 'hex'),
  ]
  return Buffer.concat(parts)
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0xcb)
  bytes.writeDoubleBE(value, 1)
  return bytes
}

/** A whole log: its header, its outcomes, and its requests, so many in a segment. */
export function logOf(
  requests: readonly Given[],
  {
    top = header,
    outcomes = [hit, miss, refused, timedOut],
    perSegment = 100,
    dropped = 0,
  }: {
    readonly top?: unknown
    readonly outcomes?: readonly unknown[]
    readonly perSegment?: number
    readonly dropped?: number
  } = {},
): Buffer {
  const segments = [segment(0, pack(top)), segment(1, Buffer.concat(outcomes.map((one) => pack(one))))]
  for (let at = 0; at < requests.length; at += perSegment) {
    const some = requests.slice(at, at + perSegment).map(record)
    segments.push(segment(segments.length, Buffer.concat(some), at + some.length))
  }
  segments.push(segment(segments.length, Buffer.alloc(0), requests.length, dropped))
  return Buffer.concat(segments)
}

/** A folder with these files. */
export async function logs(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const cwd = await folder()
  for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content)
  return cwd
}
