import { connect } from 'node:net'
import type { Probe } from '../definition.ts'

const saslHeader = Buffer.from('AMQP\u0003\u0001\0\0', 'latin1')
const amqpHeader = Buffer.from('AMQP\0\u0001\0\0', 'latin1')
const headerBytes = 8

/** Descriptors of frames: AMQP 1.0, parts 2 and 5. */
const frames = { open: 0x10, mechanisms: 0x40, init: 0x41, outcome: 0x44 }

/** A broker that wants a user, speaks only AMQP 0-9-1, or is not RabbitMQ is not usable, even if its port is open. */
export async function probeRabbitmq(port: number, timeoutMs: number): Promise<Probe> {
  const { promise, resolve } = Promise.withResolvers<Probe>()
  const unusable = (why: string): void => resolve({ usable: false, why })
  const socket = connect({ host: '127.0.0.1', port })
  const timer = setTimeout(unusable, timeoutMs, `no session within ${timeoutMs} ms`)
  let received = Buffer.alloc(0)
  let expected: 'sasl header' | 'mechanisms' | 'outcome' | 'amqp header' | 'open' = 'sasl header'

  /** Takes one header or frame and answers it. Returns whether there may be another. */
  const step = (): boolean => {
    if (expected === 'sasl header' || expected === 'amqp header') {
      if (received.length < headerBytes) return false
      const header = expected === 'sasl header' ? saslHeader : amqpHeader
      const given = received.subarray(0, headerBytes)
      received = received.subarray(headerBytes)
      if (!given.equals(header)) {
        unusable(
          given.toString('latin1', 0, 4) === 'AMQP'
            ? 'it speaks another version of AMQP; is the plugin rabbitmq_amqp1_0 enabled?'
            : 'it is not speaking AMQP',
        )
        return false
      }
      expected = expected === 'sasl header' ? 'mechanisms' : 'open'
      return true
    }
    const size = received.length < 4 ? Infinity : received.readUInt32BE(0)
    if (received.length < size) return false
    const frame = received.subarray(0, size)
    received = received.subarray(size)
    // 0x00 0x53: a one-byte descriptor follows the frame header
    const descriptor = frame[10]
    if (expected === 'mechanisms' && descriptor === frames.mechanisms) {
      if (!frame.includes('ANONYMOUS')) {
        unusable('it wants a user')
        return false
      }
      socket.write(frameOf(1, frames.init, symbol('ANONYMOUS'), binary('cloudbench')))
      expected = 'outcome'
      return true
    }
    if (expected === 'outcome' && descriptor === frames.outcome) {
      // the first item of a short or a long list: one byte for its type, then the code
      if (frame[frame[11] === 0xd0 ? 21 : 15] !== 0) {
        unusable('it wants a user')
        return false
      }
      socket.write(Buffer.concat([amqpHeader, frameOf(0, frames.open, text('cloudbench'))]))
      expected = 'amqp header'
      return true
    }
    if (expected === 'open' && descriptor === frames.open) {
      if (frame.includes('RabbitMQ')) resolve({ usable: true })
      else unusable('it is another AMQP 1.0 broker')
      return false
    }
    unusable(`it did not answer with ${expected}`)
    return false
  }

  socket.on('connect', () => socket.write(saslHeader))
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    while (step());
  })
  socket.on('error', (error) => unusable(error.message))
  socket.on('close', () => unusable('the connection was closed without an answer'))
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

/** A frame with a performative: a described list of short values. */
function frameOf(type: 0 | 1, descriptor: number, ...values: readonly Buffer[]): Buffer {
  const list = Buffer.concat(values)
  const frame = Buffer.concat([
    Buffer.from([0, 0, 0, 0, 2, type, 0, 0, 0, 0x53, descriptor, 0xc0, list.length + 1, values.length]),
    list,
  ])
  frame.writeUInt32BE(frame.length)
  return frame
}

function symbol(value: string): Buffer {
  return Buffer.concat([Buffer.from([0xa3, value.length]), Buffer.from(value)])
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0xa1, value.length]), Buffer.from(value)])
}

function binary(value: string): Buffer {
  return Buffer.concat([Buffer.from([0xa0, value.length]), Buffer.from(value)])
}
