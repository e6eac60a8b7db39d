/**
 * The few methods of AMQP 0-9-1 that create and delete queues, as a server reads and writes them. amqplib does this for
 * the driver, but it is a client only and does not export its codec.
 * Layout of frames and arguments: AMQP 0-9-1 specification, sections 2.3 and 4.2.
 */
export const protocolHeader = Buffer.from('AMQP\0\0\u0009\u0001', 'latin1')

const frameEnd = 0xce
const methodFrame = 1
const frameOverhead = 8

/** Class and method numbers, as one number. */
export const methods = {
  connectionStart: id(10, 10),
  connectionStartOk: id(10, 11),
  connectionTune: id(10, 30),
  connectionTuneOk: id(10, 31),
  connectionOpen: id(10, 40),
  connectionOpenOk: id(10, 41),
  connectionClose: id(10, 50),
  connectionCloseOk: id(10, 51),
  channelOpen: id(20, 10),
  channelOpenOk: id(20, 11),
  queueDeclare: id(50, 10),
  queueDeclareOk: id(50, 11),
  queuePurge: id(50, 30),
  queuePurgeOk: id(50, 31),
  queueDelete: id(50, 40),
  queueDeleteOk: id(50, 41),
} as const

function id(classId: number, methodId: number): number {
  return classId * 65_536 + methodId
}

/** A method that has arrived. */
export interface Method {
  readonly id: number
  readonly channel: number
  readonly arguments: Buffer
}

/** Takes bytes as they arrive, and returns the methods that are complete. It ignores other frames. */
export function createMethodReader(): (bytes: Buffer) => readonly Method[] {
  let rest: Buffer = Buffer.alloc(0)
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    const found: Method[] = []
    while (rest.length >= frameOverhead) {
      const total = rest.readUInt32BE(3) + frameOverhead
      if (rest.length < total) break
      if (rest[total - 1] !== frameEnd) throw new Error('a frame without an end')
      if (rest[0] === methodFrame)
        found.push({
          id: rest.readUInt32BE(7),
          channel: rest.readUInt16BE(1),
          arguments: rest.subarray(11, total - 1),
        })
      rest = rest.subarray(total)
    }
    return found
  }
}

/** A frame with one method. */
export function methodOf(method: number, channel: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const frame = Buffer.alloc(body.length + 12)
  frame[0] = methodFrame
  frame.writeUInt16BE(channel, 1)
  frame.writeUInt32BE(body.length + 4, 3)
  frame.writeUInt32BE(method, 7)
  body.copy(frame, 11)
  frame[frame.length - 1] = frameEnd
  return frame
}

export function short(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

export function long(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function shortText(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}

export function longText(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([long(bytes.length), bytes])
}

export function readShortText(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', at + 1, at + 1 + bytes[at]!)
}
