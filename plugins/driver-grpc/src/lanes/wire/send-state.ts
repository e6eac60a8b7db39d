import { errorCode, ProtocolFault } from '../../wire/http2/fault.ts'
import {
  initialWindowBytes,
  largestFrameLimitBytes,
  largestWindowBytes,
  readUint32,
  setting,
  smallestFrameLimitBytes,
} from '../../wire/http2/frames.ts'
import type { CallSender } from './call-sender.ts'
import type { Streams } from './streams.ts'

/** What the server lets us send: its settings, and the room that it has left. */
export class SendState {
  /** Of the connection. */
  windowBytes: number = initialWindowBytes
  /** Of every new stream. */
  streamWindowBytes: number = initialWindowBytes
  frameLimitBytes: number = smallestFrameLimitBytes
  maxStreams = Infinity
  readonly #streams: Streams
  /** Those with data that there was no room for, in the order in which they stopped. */
  #blocked: CallSender[] = []

  constructor(streams: Streams) {
    this.#streams = streams
  }

  /** Takes the payload of `SETTINGS`. */
  set(bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to; at += 6) {
      const value = readUint32(bytes, at + 2)
      switch (bytes.readUInt16BE(at)) {
        case setting.initialWindowSize:
          this.#setStreamWindow(value)
          break
        case setting.maxFrameSize:
          if (value < smallestFrameLimitBytes || value > largestFrameLimitBytes)
            throw new ProtocolFault(`a frame limit of ${value}`)
          this.frameLimitBytes = value
          break
        case setting.maxConcurrentStreams:
          this.maxStreams = value
          break
        case setting.enablePush:
          if (value !== 0) throw new ProtocolFault(`a setting for pushes of ${value}`)
          break
        // we keep no table, and our heads are small
        default:
      }
    }
  }

  /** More room on the connection. */
  add(bytes: number): void {
    if (bytes === 0) throw new ProtocolFault('a window that grows by nothing')
    this.windowBytes += bytes
    if (this.windowBytes > largestWindowBytes)
      throw new ProtocolFault('a window that is too large', errorCode.flowControl)
  }

  block(sender: CallSender): void {
    if (!this.#blocked.includes(sender)) this.#blocked.push(sender)
  }

  unblock(sender: CallSender): void {
    if (this.#blocked.length > 0) this.#blocked = this.#blocked.filter((one) => one !== sender)
  }

  /** Goes on with what had to wait. */
  pump(): void {
    if (this.#blocked.length === 0) return
    const blocked = this.#blocked
    this.#blocked = []
    // those that still have to wait say so again
    for (const sender of blocked) sender.pump()
  }

  #setStreamWindow(bytes: number): void {
    if (bytes > largestWindowBytes)
      throw new ProtocolFault('a window that is too large', errorCode.flowControl)
    const more = bytes - this.streamWindowBytes
    this.streamWindowBytes = bytes
    // may leave less than nothing
    for (const { sender } of this.#streams.all())
      if (!sender.addWindow(more))
        throw new ProtocolFault('a window that is too large', errorCode.flowControl)
  }
}
