import { expect, test } from 'vitest'
import { findService } from '../../src/index.ts'
import { freePort } from '../../src/machine/port.ts'
import { probePostgres } from '../../src/postgres/probe.ts'
import { listen } from '../support/server.ts'
import { stateFolder } from '../support/state-folder.ts'
import { patienceMs } from '../support/wait.ts'

const probe = (port: number) => probePostgres(port, patienceMs, 'cloudbench')

test('an open port is not enough', async () => {
  const port = await listen(() => {})
  expect(await probePostgres(port, 50, 'cloudbench')).toEqual({
    usable: false,
    why: 'no answer to the startup message within 50 ms',
  })
  expect(await findService('postgres', { stateDir: await stateFolder(), port: await freePort() })).toBe(
    undefined,
  )
})

const message = (letter: string, body: string): Buffer => {
  const head = Buffer.alloc(5)
  head.write(letter)
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, Buffer.from(body, 'latin1')])
}
const trusted = message('R', '\0\0\0\0')
const ready = message('Z', 'I')

test.each([
  [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'it is not speaking the PostgreSQL protocol'],
  [Buffer.from([82, 0, 0, 0, 1]), 'it is not speaking the PostgreSQL protocol'],
  [Buffer.from([82, 127, 255, 255, 255]), 'it is not speaking the PostgreSQL protocol'],
  [message('R', ''), 'it breaks the protocol'],
  [message('R', '\0\0\0\u0003'), 'it wants a password'],
  [
    message('E', 'SFATAL\0C57P03\0Mthe database system is starting up\0\0'),
    'the database system is starting up',
  ],
  [message('E', '\0'), 'it refused the session without saying why'],
])('a server that says %j is not usable', async (answer, why) => {
  const port = await listen((socket) => socket.once('data', () => socket.write(answer)))
  expect(await probe(port)).toEqual({ usable: false, why })
})

test('a server that knows nothing of the password is not the one that was started', async () => {
  const port = await listen((socket) =>
    socket.once('data', () => socket.write(Buffer.concat([trusted, ready]))),
  )
  expect(await probePostgres(port, patienceMs, 'cloudbench', 'secret')).toEqual({
    usable: false,
    why: 'it lets in everybody',
  })
  const impostor = await listen((socket) => {
    socket.once('data', () => {
      socket.write(message('R', '\0\0\0\u000aSCRAM-SHA-256\0\0'))
      socket.once('data', (first) => {
        const [, nonce] = /r=([^,]+)$/.exec(first.toString('latin1')) ?? []
        socket.write(message('R', `\0\0\0\u000br=${nonce}more,s=c2FsdA==,i=1`))
        socket.once('data', () => socket.write(message('R', '\0\0\0\u000cv=bm8=')))
      })
    })
  })
  expect(await probePostgres(impostor, patienceMs, 'cloudbench', 'secret')).toEqual({
    usable: false,
    why: 'it does not know the password itself',
  })
})

test('a server that hangs up is not usable', async () => {
  const port = await listen((socket) => socket.once('data', () => socket.end()))
  expect(await probe(port)).toMatchObject({ usable: false })
})

test('an answer in pieces is put together', async () => {
  // no PostgreSQL process has this id, so the probe does not report it
  const key = message('K', `\0\0\0\u0001\0\0\0\0`)
  const bytes = Array.from(Buffer.concat([trusted, message('S', 'server_version\u000016\0'), key, ready]))
  const port = await listen((socket) => {
    socket.setNoDelay(true)
    const next = () => {
      const byte = bytes.shift()
      if (byte !== undefined) socket.write(Buffer.of(byte), () => setImmediate(next))
    }
    socket.once('data', next)
  })
  expect(await probe(port)).toEqual({ usable: true })
})
