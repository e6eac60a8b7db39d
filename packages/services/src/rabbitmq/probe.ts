import type { Probe } from '../definition.ts'
import { ask } from '../machine/ask.ts'

const saslHeader = Buffer.from('AMQP\u0003\u0001\0\0', 'latin1')
const amqpHeader = Buffer.from('AMQP\0\u0001\0\0', 'latin1')

export interface Login {
  readonly user: string
  readonly password: string
}

/** What the broker sends next, and the answer to it. */
interface Step {
  readonly name: string
  /** A protocol header, or the descriptor of a frame: AMQP 1.0, parts 2 and 5. */
  readonly expected: Buffer | number
  /** Why the broker is not usable, going by that frame. */
  fault?(frame: Buffer): string | undefined
  readonly answer?: Buffer
}

/** The dialogue up to an open connection: as this user, or without a name. */
const dialogue = (login: Login | undefined): readonly Step[] => [
  { name: 'sasl header', expected: saslHeader },
  {
    name: 'mechanisms',
    expected: 0x40,
    fault: (frame) => (frame.includes(login ? 'PLAIN' : 'ANONYMOUS') ? undefined : 'it wants a user'),
    // sasl-init
    answer: login
      ? frameOf(1, 0x41, shortValue(0xa3, 'PLAIN'), shortValue(0xa0, `\0${login.user}\0${login.password}`))
      : frameOf(1, 0x41, shortValue(0xa3, 'ANONYMOUS'), shortValue(0xa0, 'cloudbench')),
  },
  {
    name: 'outcome',
    expected: 0x44,
    // the first item of a short or a long list: one byte for its type, then the code
    fault: (frame) =>
      frame[frame[11] === 0xd0 ? 21 : 15] === 0
        ? undefined
        : login
          ? 'it refuses the user'
          : 'it wants a user',
    // open
    answer: Buffer.concat([amqpHeader, frameOf(0, 0x10, shortValue(0xa1, 'cloudbench'))]),
  },
  { name: 'amqp header', expected: amqpHeader },
  {
    name: 'open',
    expected: 0x10,
    fault: (frame) => (frame.includes('RabbitMQ') ? undefined : 'it is another AMQP 1.0 broker'),
  },
]

/** A broker that wants another user, speaks only AMQP 0-9-1, or is not RabbitMQ is not usable, even if its port is open. */
export async function probeRabbitmq(port: number, timeoutMs: number, login?: Login): Promise<Probe> {
  const steps = dialogue(login)
  let at = 0
  let taken = 0
  return await ask(port, timeoutMs, {
    greeting: saslHeader,
    awaited: 'session',
    read(received, send) {
      for (let step = steps[taken]; step !== undefined; step = steps[++taken]) {
        const left = received.length - at
        const size =
          typeof step.expected === 'object'
            ? saslHeader.length
            : left < 4
              ? Infinity
              : received.readUInt32BE(at)
        if (left < size) return undefined
        const why = faultOf(step, received.subarray(at, at + size))
        if (why !== undefined) return { usable: false, why }
        at += size
        if (step.answer) send(step.answer)
      }
      return { usable: true }
    },
  })
}

function faultOf({ name, expected, fault }: Step, part: Buffer): string | undefined {
  if (typeof expected === 'number')
    // 0x00 0x53: a one-byte descriptor follows the frame header
    return part[10] === expected ? fault?.(part) : `it did not answer with ${name}`
  if (part.equals(expected)) return undefined
  return part.toString('latin1', 0, 4) === 'AMQP'
    ? 'it speaks another version of AMQP; is the plugin rabbitmq_amqp1_0 enabled?'
    : 'it is not speaking AMQP'
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

/** Binary (0xa0), a string (0xa1) or a symbol (0xa3), of less than 256 bytes. */
function shortValue(constructor: number, text: string): Buffer {
  return Buffer.concat([Buffer.from([constructor, text.length]), Buffer.from(text)])
}
