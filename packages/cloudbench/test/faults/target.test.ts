import { createServer, type Socket } from 'node:net'
import { createServer as createTls } from 'node:tls'
import { pemOf } from '@cloudbench/fixtures/certificates'
import { expect, onTestFinished, test } from 'vitest'
import { cloudbench, folder, typed, type Ended } from '../support/cli.ts'
import { httpTarget } from '../support/target.ts'

/** A TCP server that handles every connection as given. */
async function server(onSocket: (socket: Socket, stop: () => void) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const listening = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket, () => listening.close())
  })
  await new Promise<void>((resolve) => void listening.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    listening.close()
  })
  return `http://127.0.0.1:${(listening.address() as { port: number }).port}`
}

async function load(url: string, ...more: string[]): Promise<Ended> {
  return await cloudbench(
    [
      ...typed(`http-json-api --set targets.http.url=${url}`),
      ...typed('--rate 50/s --duration 1s --warmup 0s --reporter json'),
      ...more,
    ],
    { cwd: await folder() },
  )
}

function expectNothingMeasured({ code, stderr }: Ended): void {
  expect(code).toBe(2)
  expect(stderr).not.toMatch(/this is a bug|\n\s+at /)
}

test('nothing listens', async () => {
  const ended = await load('http://127.0.0.1:1')
  expectNothingMeasured(ended)
  expect(ended.stderr).toMatch(
    /nothing listens on 127\.0\.0\.1:1[^]*expected: an HTTP server[^]*next: start it/,
  )
})

test('the name does not resolve', async () => {
  const ended = await load('http://no-such-host.invalid')
  expectNothingMeasured(ended)
  expect(ended.stderr).toMatch(/the name no-such-host\.invalid does not resolve/)
})

test('the server rejects the credentials: that was measured, and fails the check of errors', async () => {
  const url = await server((socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n'))
  })
  const { code, stderr } = await load(url)
  expect(code).toBe(1)
  expect(stderr).toMatch(/check errors\.rate <= 0\.1% failed: 100 %, mostly 401: HTTP 401/)
})

test('the server accepts and never answers', async () => {
  const url = await server(() => {})
  const ended = await load(url, '--set', 'scenarios.http-json-api.timeout=300ms')
  expectNothingMeasured(ended)
  expect(ended.stderr).toMatch(/none of \d+ requests was answered: .*timed out/)
})

test('the server resets every connection', async () => {
  const url = await server((socket) => {
    socket.on('data', () => socket.resetAndDestroy())
  })
  const ended = await load(url)
  expectNothingMeasured(ended)
  expect(ended.stderr).toMatch(/mostly ECONNRESET/)
})

test('the server answers garbage', async () => {
  const url = await server((socket) => {
    socket.on('data', () => socket.write('this is not HTTP at all\r\n\r\n'))
  })
  const ended = await load(url)
  expectNothingMeasured(ended)
  expect(ended.stderr).toMatch(/mostly INVALID_RESPONSE/)
})

test('the target dies during the run, and a check says so', async () => {
  let answered = 0
  const sockets = new Set<Socket>()
  const url = await server((socket, stop) => {
    sockets.add(socket)
    socket.on('data', () => {
      // by count, because how long a run takes to start depends on the machine
      if (answered++ < 50) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
      else {
        stop()
        for (const open of sockets) open.destroy()
      }
    })
  })
  const ended = await load(url, '--duration', '2s')
  const line = JSON.parse(ended.stdout) as { requests: number; errors: number; exit: number }
  expect(ended.code).toBe(1)
  expect(ended.stderr).toMatch(/check errors\.rate <= 0\.1% failed/)
  expect(line.errors).toBeGreaterThan(0)
  expect(line.requests).toBeGreaterThan(line.errors)
})

test('the target comes back: the load goes on, and everything in between is accounted for', async () => {
  let answered = 0
  const url = await server((socket) => {
    socket.on('data', () => {
      answered++
      // one in twenty kills its connection
      if (answered % 20 === 0) socket.destroy()
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
    })
  })
  const ended = await load(url, '--set', 'scenarios.http-json-api.checks["errors.rate"]=< 50%')
  const line = JSON.parse(ended.stdout) as { requests: number; errors: number; unsent: number }
  expect(ended.code).toBe(0)
  expect(line).toMatchObject({ requests: 50, unsent: 0 })
  expect(line.errors).toBeGreaterThan(0)
  expect(line.errors).toBeLessThan(25)
})

test('the certificate is not trusted', async () => {
  const listening = createTls({ cert: pemOf('server.pem'), key: pemOf('server.key') }, (socket) =>
    socket.on('error', () => {}),
  )
  await new Promise<void>((resolve) => void listening.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void listening.close())
  const ended = await load(`https://127.0.0.1:${(listening.address() as { port: number }).port}`)
  expectNothingMeasured(ended)
  expect(ended.stderr).toMatch(/certificate of 127\.0\.0\.1:\d+ is not trusted[^]*next: set tls\.ca/)
})

test('nothing comes due: there is no sample, and no success', async () => {
  const ended = await load(
    await httpTarget(),
    '--rate',
    '1/h',
    '--set',
    'scenarios.http-json-api.arrivals=poisson',
  )
  expectNothingMeasured(ended)
  expect(ended.stderr).toMatch(/nothing was sent, because nothing came due\n {2}next: measure for longer/)
  expect(JSON.parse(ended.stdout)).toMatchObject({ requests: 0, latency_p50_ms: null, exit: 2 })
})
