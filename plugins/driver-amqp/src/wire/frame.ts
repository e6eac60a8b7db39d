/** Bytes of the head of a frame, and of a protocol header. */
export const headBytes = 8

export const types = { amqp: 0, sasl: 1 } as const

/** A frame, on the one channel that a client uses. */
export function frameOf(type: 0 | 1, ...parts: readonly Buffer[]): Buffer {
  const head = Buffer.of(0, 0, 0, 0, 2, type, 0, 0)
  const frame = Buffer.concat([head, ...parts])
  frame.writeUInt32BE(frame.length)
  return frame
}

/** A sign of life. */
export const emptyFrame = frameOf(types.amqp)

/** What a connection begins with, and begins again with once it is authenticated. */
export const protocolHeaders = {
  amqp: Buffer.from('AMQP\0\u0001\0\0', 'latin1'),
  sasl: Buffer.from('AMQP\u0003\u0001\0\0', 'latin1'),
} as const
