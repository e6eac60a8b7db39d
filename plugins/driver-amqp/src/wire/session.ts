import { codes } from './codes.ts'
import { boolean, described, nothing, uint } from './encode.ts'
import { frameOf, headBytes, types } from './frame.ts'
import type { Output } from './output.ts'

/** What this side takes at once: frames are not kept, so it never runs out. */
export const incomingWindow = 0x7fff_ffff
export const outgoingWindow = 0x7fff_ffff

/** What the flow of one link says of it. */
export interface LinkState {
  readonly handle: number
  readonly deliveryCount: number
  readonly credit: number
}

const frameOfFlow = flowFrame()
/** Where the first number is; each takes five bytes, one of them its code. */
const fieldsAt = headBytes + 3 + 3 + 1

/** The numbers of transfers, which a session counts in both directions. */
export class Session {
  /** Frames with transfers that this side has sent and received. */
  nextOutgoing = 0
  nextIncoming = 0
  /** How many more of them the peer takes. */
  window = 0
  readonly #output: Output

  constructor(output: Output) {
    this.#output = output
  }

  /** The peer says what it takes. @param nextIncoming What it expects next: 0 before it has heard of any. */
  flowed(nextIncoming: number, window: number): void {
    // numbers wrap around at 2^32
    this.window = window + ((nextIncoming - this.nextOutgoing) | 0)
  }

  /** A frame with a transfer has been laid out. */
  sent(): void {
    this.nextOutgoing = (this.nextOutgoing + 1) >>> 0
    this.window--
  }

  /** A frame with a transfer has arrived. */
  received(): void {
    this.nextIncoming = (this.nextIncoming + 1) >>> 0
  }

  /** Says how far transfers have come, and what one link takes or has. */
  writeFlow({ handle, deliveryCount, credit }: LinkState): void {
    const at = this.#output.reserve(frameOfFlow.length)
    const { out } = this.#output
    out.set(frameOfFlow, at)
    const first = at + fieldsAt
    out.writeUInt32BE(this.nextIncoming, first)
    out.writeUInt32BE(this.nextOutgoing, first + 10)
    out.writeUInt32BE(handle, first + 20)
    out.writeUInt32BE(deliveryCount, first + 25)
    out.writeUInt32BE(credit, first + 30)
  }
}

function flowFrame(): Buffer {
  const flow = described(codes.flow, [
    uint(0),
    uint(incomingWindow),
    uint(0),
    uint(outgoingWindow),
    uint(0),
    uint(0),
    uint(0),
    nothing,
    boolean(false),
    boolean(false),
  ])
  return frameOf(types.amqp, flow)
}
