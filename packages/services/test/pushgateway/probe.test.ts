import { expect, test } from 'vitest'
import { freePort } from '../../src/machine/port.ts'
import { pushgateway } from '../../src/pushgateway/definition.ts'
import { listen } from '../support/server.ts'
import { patienceMs } from '../support/wait.ts'

const answering = (answer: string): Promise<number> =>
  listen((socket) => socket.once('data', () => socket.end(answer)))

const page = (status: string, body: string): string =>
  `HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`

test('nothing there, and an open port, are not enough', async () => {
  expect(await pushgateway.probe(await freePort(), patienceMs)).toMatchObject({
    usable: false,
    why: expect.stringContaining('ECONNREFUSED') as string,
  })
  expect(await pushgateway.probe(await listen(() => {}), 50)).toEqual({
    usable: false,
    why: 'no answer to GET /api/v1/status within 50 ms',
  })
})

test.each([
  [page('404 Not Found', 'no'), 'it answers GET /api/v1/status with 404'],
  [page('200 OK', '{"status":"success","data":{}}'), 'it is no Pushgateway'],
  [page('200 OK', 'x'.repeat(70_000)), 'its answer to GET /api/v1/status does not end'],
  ['+PONG\r\n', 'Parse Error'],
  ['', 'socket hang up'],
])('a server that answers %j is not usable', async (answer, why) => {
  expect(await pushgateway.probe(await answering(answer), patienceMs)).toEqual({
    usable: false,
    why: expect.stringContaining(why) as string,
  })
})
