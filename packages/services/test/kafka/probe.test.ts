import { expect, test } from 'vitest'
import { probeKafka } from '../../src/kafka/probe.ts'
import { freePort } from '../../src/machine/port.ts'
import { listen } from '../support/server.ts'
import { patienceMs } from '../support/wait.ts'

const answer = (...brokers: number[]) =>
  Buffer.from([0, 0, 0, 12, 0, 0, 0, 7, 0, 0, 0, brokers.length, ...brokers.flatMap(() => [0, 0, 0, 0])])

test.each([
  [
    'a broker that has not joined its cluster',
    Buffer.from([0, 0, 0, 8, 0, 0, 0, 7, 0, 0, 0, 0]),
    'it is not ready yet',
  ],
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'it is not speaking the Kafka protocol'],
  [
    'an answer to another request',
    Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0, 1]),
    'it is not speaking the Kafka protocol',
  ],
])('%s is not usable', async (_, bytes, why) => {
  const port = await listen((socket) => socket.once('data', () => socket.write(bytes)))
  expect(await probeKafka(port, patienceMs)).toEqual({ usable: false, why })
})

test('a server that is silent, hangs up or is not there is not usable', async () => {
  const silent = await listen(() => {})
  expect(await probeKafka(silent, 50)).toEqual({ usable: false, why: 'no answer to Metadata within 50 ms' })
  const rude = await listen((socket) => socket.once('data', () => socket.end()))
  expect(await probeKafka(rude, patienceMs)).toEqual({
    usable: false,
    why: 'the connection was closed without an answer',
  })
  expect(await probeKafka(await freePort(), patienceMs)).toMatchObject({ usable: false })
})

test('an answer in pieces is put together', async () => {
  const whole = answer(1)
  const port = await listen((socket) => {
    socket.setNoDelay(true)
    socket.once('data', () => {
      socket.write(whole.subarray(0, 6), () => setTimeout(() => socket.write(whole.subarray(6)), 5))
    })
  })
  expect(await probeKafka(port, patienceMs)).toEqual({ usable: true })
})
