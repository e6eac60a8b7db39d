import { record, recordStart } from '@cloudbench/core/log'
import { Damage, type Definition, type LogHeader } from './header.ts'

/** A request in a log. */
export interface LoggedRequest {
  readonly log: LogHeader
  readonly phase: LogHeader['phases'][number]
  readonly outcome: Definition
  readonly connection: number
  readonly index: number
  /** Nanoseconds on the monotonic clock of its machine. */
  readonly dueNs: number
  readonly sentNs: number
  readonly doneNs: number
  /** Lower-case hex. */
  readonly traceId: string
  readonly spanId: string
}

/** The longest that can be told from another by its nanoseconds: a hundred days. */
const latestNs = Number.MAX_SAFE_INTEGER

export function isRecord(bytes: Buffer, at: number): boolean {
  return at + record.bytes <= bytes.length && bytes.readUInt16BE(at) === recordStart
}

/** The request at a place. */
export function requestAt(
  bytes: Buffer,
  at: number,
  log: LogHeader,
  outcomes: ReadonlyMap<number, Definition>,
): LoggedRequest {
  const outcome = outcomes.get(bytes.readUInt32BE(at + record.outcome))
  const phase = log.phases[bytes.readUInt16BE(at + record.phase)]
  const index = bytes.readDoubleBE(at + record.index)
  const dueNs = bytes.readDoubleBE(at + record.due)
  const sentNs = bytes.readDoubleBE(at + record.sent)
  const doneNs = bytes.readDoubleBE(at + record.done)
  if (!outcome || !phase) throw new Damage('a record has an outcome or a phase that is not defined')
  if (!(isTime(index) && isTime(dueNs) && isTime(sentNs) && isTime(doneNs)))
    throw new Damage('a record has numbers that can be none of its own')
  return {
    log,
    phase,
    outcome,
    connection: bytes.readUInt32BE(at + record.connection),
    index,
    dueNs,
    sentNs,
    doneNs,
    traceId: bytes.toString('hex', at + record.trace, at + record.trace + 16),
    spanId: bytes.toString('hex', at + record.span, at + record.span + 8),
  }
}

function isTime(value: number): boolean {
  return value >= 0 && value <= latestNs
}

/** From due to sent: the time in which the request could not leave. */
export function lagNs({ dueNs, sentNs }: LoggedRequest): number {
  return Math.max(0, sentNs - dueNs)
}

export function serviceNs({ sentNs, doneNs }: LoggedRequest): number {
  return Math.max(0, doneNs - sentNs)
}

/** From due to done: what those who wait would see. */
export function responseNs({ dueNs, doneNs }: LoggedRequest): number {
  return Math.max(0, doneNs - dueNs)
}
