import { codes } from './codes.ts'
import { binary, boolean, described, entry, nothing, string, uint } from './encode.ts'
import { frameOf, headBytes, types } from './frame.ts'

const tagBytes = 4
const durableSection = described(codes.header, [boolean(true)])
/** The value of `traceparent`, which ends this section. */
const traceparentBytes = 55
const traceSection = Buffer.concat([
  Buffer.of(0, 0x53, codes.applicationProperties),
  entry(string('traceparent'), string('0'.repeat(traceparentBytes))),
])
/** Bodies from here on are handed over without a copy. */
const copyLimitBytes = 16_384

/** What is the same in every message of a link, and where the numbers go that are not. */
export interface Transfer {
  /** The beginning of the first frame, with at least the head of the body. */
  readonly head: Buffer
  readonly deliveryAt: number
  readonly tagAt: number
  readonly bodyAt: number
  /** Without a trace context, there is no such place. */
  readonly traceAt: number
  /** What follows, as it leaves: the rest of the first frame if `head` is not all of it, and then one frame each. */
  readonly rest: readonly Buffer[]
  /** How many of the rest belong to the first frame: none or one. */
  readonly restOfFirst: 0 | 1
}

export interface TransferOptions {
  readonly handle: number
  readonly isSettled: boolean
  /** The largest frame that the peer takes. */
  readonly largestFrame: number
  readonly isDurable: boolean
  readonly isTraced: boolean
  readonly body: Buffer
  /** How many bytes at the beginning of the body change. */
  readonly changing: number
}

/** Lays out the message of a link once, in as many frames as it takes. */
export function layOut(options: TransferOptions): Transfer {
  const { isDurable, isTraced, body, changing, largestFrame } = options
  const data = dataHead(body.length)
  const sections = Buffer.concat([
    ...(isDurable ? [durableSection] : []),
    ...(isTraced ? [traceSection] : []),
    data,
  ])
  const message = Buffer.concat([sections, body])
  const isSingle = headBytes + performative(options, false).length + message.length <= largestFrame
  const first = performative(options, !isSingle)
  const inFirst = Math.min(message.length, largestFrame - headBytes - first.length)
  const start = headBytes + first.length
  const whole = frameOf(types.amqp, first, message.subarray(0, inFirst))
  const bodyAt = start + sections.length
  const split = whole.length <= copyLimitBytes ? whole.length : bodyAt + changing
  const rest = split < whole.length ? [whole.subarray(split)] : []
  for (let at = inFirst; at < message.length;) {
    const long = continuation(options, true)
    const bytes = Math.min(message.length - at, largestFrame - headBytes - long.length)
    const part = at + bytes < message.length ? long : continuation(options, false)
    rest.push(frameOf(types.amqp, part, message.subarray(at, at + bytes)))
    at += bytes
  }
  return {
    head: whole.subarray(0, split),
    // behind the descriptor, the head of the list and the handle, and then the code of each
    deliveryAt: headBytes + 3 + 3 + 5 + 1,
    tagAt: headBytes + 3 + 3 + 5 + 5 + 2,
    bodyAt,
    traceAt: bodyAt - data.length - traceparentBytes,
    rest,
    restOfFirst: split < whole.length ? 1 : 0,
  }
}

/** The beginning of a `data` section of that many bytes. */
function dataHead(size: number): Buffer {
  if (size < 256) return Buffer.of(0, 0x53, codes.data, 0xa0, size)
  const head = Buffer.of(0, 0x53, codes.data, 0xb0, 0, 0, 0, 0)
  head.writeUInt32BE(size, 4)
  return head
}

function performative({ handle, isSettled }: TransferOptions, hasMore: boolean): Buffer {
  return described(codes.transfer, [
    uint(handle),
    uint(0),
    binary(Buffer.alloc(tagBytes)),
    // the format of messages
    Buffer.of(0x43),
    boolean(isSettled),
    boolean(hasMore),
  ])
}

/** The same in all messages: the delivery is that of the frame before. */
function continuation({ handle, isSettled }: TransferOptions, hasMore: boolean): Buffer {
  return described(codes.transfer, [
    uint(handle),
    nothing,
    nothing,
    nothing,
    boolean(isSettled),
    boolean(hasMore),
  ])
}
