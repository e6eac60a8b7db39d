import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { freePort } from '../../src/machine/port.ts'
import { rabbitmq } from '../../src/rabbitmq/definition.ts'
import { listen } from '../support/server.ts'
import { patienceMs } from '../support/wait.ts'

const header = (...version: readonly number[]): Buffer => Buffer.from([...Buffer.from('AMQP'), ...version])
const sasl = header(3, 1, 0, 0)
/** A performative whose only field is a text of less than 256 bytes. */
const performative = (frameType: number, descriptor: number, textType: number, text: string): Buffer => {
  const list = [0x53, descriptor, 0xc0, text.length + 3, 1, textType, text.length, ...Buffer.from(text)]
  return Buffer.from([0, 0, 0, 8 + 1 + list.length, 2, frameType, 0, 0, 0, ...list])
}
const mechanisms = (symbol: string): Buffer => performative(1, 0x40, 0xa3, symbol)
const open = (product: string): Buffer => performative(0, 0x10, 0xa1, product)
const outcome = (code: number): Buffer =>
  Buffer.from([0, 0, 0, 16, 2, 1, 0, 0, 0, 0x53, 0x44, 0xc0, 3, 1, 0x50, code])
const amqp = header(0, 1, 0, 0)

const answering =
  (...answers: readonly Buffer[]) =>
  (socket: Socket): void => {
    let next = 0
    socket.on('data', () => {
      const answer = answers[next++]
      if (answer) socket.write(answer)
    })
  }

test.each([
  ['HTTP', [Buffer.from('HTTP/1.1 400 Bad Request\r\n')], 'it is not speaking AMQP'],
  [
    'a RabbitMQ without the plugin',
    [header(0, 0, 9, 1)],
    'it speaks another version of AMQP; is the plugin rabbitmq_amqp1_0 enabled?',
  ],
  ['a broker without ANONYMOUS', [Buffer.concat([sasl, mechanisms('PLAIN')])], 'it wants a user'],
  [
    'a broker that refuses the guest',
    [Buffer.concat([sasl, mechanisms('ANONYMOUS')]), outcome(1)],
    'it wants a user',
  ],
  [
    'another broker',
    [Buffer.concat([sasl, mechanisms('ANONYMOUS')]), Buffer.concat([outcome(0), amqp]), open('Artemis')],
    'it is another AMQP 1.0 broker',
  ],
  ['nonsense', [Buffer.concat([sasl, outcome(0)])], 'it did not answer with mechanisms'],
])('%s is not usable', async (_, answers, why) => {
  const port = await listen(answering(...answers))
  expect(await rabbitmq.probe(port, patienceMs)).toEqual({ usable: false, why })
})

test('a RabbitMQ is usable, even when its answers come in pieces', async () => {
  const port = await listen((socket) => {
    socket.setNoDelay(true)
    const parts = [
      Buffer.concat([sasl, mechanisms('ANONYMOUS')]),
      Buffer.concat([outcome(0), amqp]),
      open('RabbitMQ'),
    ]
    let unsent: number[] = []
    const pump = (): void => {
      const byte = unsent.shift()
      if (byte !== undefined) socket.write(Buffer.from([byte]), () => setImmediate(pump))
    }
    socket.on('data', () => {
      const isIdle = unsent.length === 0
      unsent = [...unsent, ...(parts.shift() ?? [])]
      if (isIdle) pump()
    })
  })
  expect(await rabbitmq.probe(port, patienceMs)).toEqual({ usable: true })
})

test('a server that is not there, is silent or hangs up is not usable', async () => {
  expect(await rabbitmq.probe(await freePort(), patienceMs)).toMatchObject({ usable: false })
  expect(await rabbitmq.probe(await listen(() => {}), 50)).toEqual({
    usable: false,
    why: 'no session within 50 ms',
  })
  const hangingUp = await listen((socket) => socket.once('data', () => socket.end()))
  expect(await rabbitmq.probe(hangingUp, patienceMs)).toMatchObject({ usable: false })
})
