import { codes } from './codes.ts'
import { binary, boolean, described, nothing, string, symbol, ubyte, uint, ushort } from './encode.ts'
import { frameOf, types } from './frame.ts'
import { incomingWindow, outgoingWindow } from './session.ts'

// frames that a client writes once; those of every message are laid out in place

/** Larger frames than a broker is likely to send, and small enough to be kept for every connection. */
export const largestFrame = 1_048_576
/** More links than a connection ever has. */
export const largestHandle = 1_023

export function saslInit(mechanism: string, response: Buffer, hostname: string): Buffer {
  return frameOf(
    types.sasl,
    described(codes.saslInit, [symbol(mechanism), binary(response), string(hostname)]),
  )
}

export function open(containerId: string, hostname: string, idleTimeOutMs: number): Buffer {
  return frameOf(
    types.amqp,
    described(codes.open, [
      string(containerId),
      string(hostname),
      uint(largestFrame),
      // one session
      ushort(0),
      idleTimeOutMs > 0 ? uint(idleTimeOutMs) : nothing,
    ]),
  )
}

export function begin(): Buffer {
  return frameOf(
    types.amqp,
    described(codes.begin, [
      nothing,
      uint(0),
      uint(incomingWindow),
      uint(outgoingWindow),
      uint(largestHandle),
    ]),
  )
}

/** A link that this side asks for. */
export interface LinkRequest {
  readonly name: string
  readonly handle: number
  readonly isReceiver: boolean
  readonly address: string
  /** What kind of node the address stands for. Artemis makes a multicast of one that does not say that it is a queue. */
  readonly capability: string | undefined
  /** Whether messages are settled before they leave. */
  readonly isPresettled: boolean
}

export function attach(request: LinkRequest): Buffer {
  const { name, handle, isReceiver, isPresettled } = request
  const node = nodeOf(request)
  return frameOf(
    types.amqp,
    described(codes.attach, [
      string(name),
      uint(handle),
      boolean(isReceiver),
      ubyte(isPresettled ? 1 : 0),
      // the receiver settles first
      ubyte(0),
      isReceiver ? node : described(codes.source, []),
      isReceiver ? described(codes.target, []) : node,
      nothing,
      boolean(false),
      isReceiver ? nothing : uint(0),
    ]),
  )
}

/** Durability, expiry, timeout, dynamic and its properties are the defaults; sources have four fields more. */
function nodeOf({ isReceiver, address, capability }: LinkRequest): Buffer {
  const defaults = Array.from({ length: isReceiver ? 9 : 5 }, () => nothing)
  const capabilities = capability === undefined ? [] : [...defaults, symbol(capability)]
  return described(isReceiver ? codes.source : codes.target, [string(address), ...capabilities])
}

/** The sender settles what the peer has decided about. */
export function settlement(first: number, last: number): Buffer {
  return frameOf(
    types.amqp,
    described(codes.disposition, [boolean(false), uint(first), uint(last), boolean(true)]),
  )
}

export function detach(handle: number): Buffer {
  return frameOf(types.amqp, described(codes.detach, [uint(handle), boolean(true)]))
}

export const end: Buffer = frameOf(types.amqp, described(codes.end, []))
export const close: Buffer = frameOf(types.amqp, described(codes.close, []))
