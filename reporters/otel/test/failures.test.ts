import { CloudbenchError } from '@cloudbench/core'
import { expect, onTestFinished, test } from 'vitest'
import { replay, run, type Ran } from './run.ts'
import { startReceiver, type Receiver } from './servers/receiver.ts'

async function receiverOf(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  const receiver = await startReceiver(...args)
  onTestFinished(() => receiver.close())
  return receiver
}

const json = { protocol: 'http/json' }
const messages = ({ result }: Ran): string[] => result.errors.map(({ message }) => message)

/** A run that is not begun ends with what the command line prints, and exit code 2. */
async function refusal(ran: Promise<Ran>): Promise<string> {
  const error: unknown = await ran.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof CloudbenchError) return error.format()
  throw error ?? new Error('it was begun')
}

test('a collector that is not there is said before the load', async () => {
  const receiver = await receiverOf()
  await receiver.close()
  const said = await refusal(run({ endpoint: receiver.url, timeout: '1s' }))
  expect(said).toContain(`${receiver.url}/v1/traces takes no traces: connect ECONNREFUSED`)
  expect(said).toContain(`${receiver.url}/v1/metrics takes no metrics: connect ECONNREFUSED`)
  expect(said).toContain('cloudbench up otel-collector')
})

test('so is one that wants a password, and the one it got is not shown', async () => {
  const receiver = await receiverOf(({ headers }, response) => {
    response.writeHead(401, { 'content-type': 'text/plain' }).end(`no entry with ${headers['authorization']}`)
    return true
  })
  const headers = { authorization: 'Bearer hush-hush-42' }
  const said = await refusal(run({ endpoint: receiver.url, headers }))
  expect(receiver.requests[0]!.headers).toMatchObject(headers)
  expect(said).toContain('it answered 401 Unauthorized: no entry with')
  expect(said).not.toContain('hush-hush-42')
})

test('one that goes away and comes back has everything in the end', async () => {
  let taken = 0
  let refused = 0
  const receiver = await receiverOf(({ isEmpty }, response) => {
    if (isEmpty || taken++ === 0 || refused === 3) return false
    refused++
    // so long that the exporter gives up at once
    response.writeHead(503, { 'retry-after': '3600' }).end()
    return true
  })
  const ran = await run({ endpoint: receiver.url, ...json }, undefined, '1500ms')
  expect(refused).toBe(3)
  expect(messages(ran)).toEqual([])
  const { points, spans } = receiver.received()
  const { sent } = ran.result.scenarios[0]!.phases[0]!.flows[0]!.total
  const requests = points.filter(({ name }) => name === 'cloudbench.requests')
  const last = new Map(requests.map(({ attributes, value }) => [JSON.stringify(attributes), value]))
  expect([...last.values()].reduce((sum, value) => sum + value, 0)).toBe(sent)
  expect(spans.map(({ name }) => name)).toContain('cloudbench run')
})

test('one that is gone at the end: what is lost is counted, and why is told', async () => {
  let isGone = false
  const receiver = await receiverOf(({ isEmpty }, response) => {
    if (isGone) response.destroy()
    else isGone = !isEmpty
    return isGone && response.destroyed
  })
  const ran = await run({ endpoint: receiver.url, ...json, timeout: '2s' })
  expect(ran.result.exitCode).toBe(2)
  const said = messages(ran).join('\n')
  expect(said).toMatch(
    /\d+ of \d+ data points so far are lost: http:\/\/127\.0\.0\.1:\d+\/v1\/metrics: (socket|read)/,
  )
  expect(said).toMatch(
    /\d+ of \d+ spans so far are lost: http:\/\/127\.0\.0\.1:\d+\/v1\/traces: (socket|read)/,
  )
})

test.for([
  [400, 'it answered 400 Bad Request: {"message":"no thanks"}'],
  [500, 'it answered 500 Internal Server Error: {"message":"no thanks"}'],
  [301, 'it answered 301 Moved Permanently: {"message":"no thanks"}'],
] as const)('what is answered with %i is lost at once, and told once per signal', async ([status, why]) => {
  const receiver = await receiverOf(({ isEmpty }, response) => {
    if (isEmpty) return false
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"message":"no thanks"}')
    return true
  })
  const ran = await run({ endpoint: receiver.url, ...json, signals: ['metrics'] })
  expect(ran.result.exitCode).toBe(2)
  const [first, last, ...more] = messages(ran)
  expect(more).toEqual([])
  expect(first).toContain(why)
  const [, lost, all] = /^(\d+) of (\d+) data points so far are lost/.exec(last!) ?? []
  expect(lost).toBe(all)
})

test('a receiver that asks for patience gets it, as long as there is time', async () => {
  let isBusy = true
  const receiver = await receiverOf(({ isEmpty }, response) => {
    if (isEmpty || !isBusy) return false
    isBusy = false
    response.writeHead(503, { 'retry-after': '1' }).end()
    return true
  })
  const ran = await run({ endpoint: receiver.url, ...json, signals: ['traces'] })
  expect(messages(ran)).toEqual([])
  expect(receiver.received().spans.map(({ name }) => name)).toContain('cloudbench run')
})

test('one that stays busy: the status is told', async () => {
  const receiver = await receiverOf(({ isEmpty }, response) => {
    if (isEmpty) return false
    response.writeHead(503, { 'retry-after': '3600' }).end('later')
    return true
  })
  const ran = await run({ endpoint: receiver.url, ...json, signals: ['traces'] })
  expect(messages(ran)).toEqual([
    expect.stringMatching(
      /^(\d+) of \1 spans so far are lost: .*: it answered 503 Service Unavailable: later$/,
    ),
  ])
})

test('one that is slow: what did not arrive in time is lost', async () => {
  const receiver = await receiverOf(({ isEmpty }) => !isEmpty)
  const ran = await run({ endpoint: receiver.url, ...json, signals: ['traces'], timeout: '2s' })
  expect(messages(ran)).toEqual([
    expect.stringMatching(/^(\d+) of \1 spans so far are lost: .*: Request timed out$/),
  ])
})

test.for(['http/json', 'http/protobuf'])('what it rejects in part is counted: %s', async (protocol) => {
  const message = 'no room for you'
  const receiver = await receiverOf(({ isEmpty, path, headers }, response) => {
    if (isEmpty) return false
    response.writeHead(200, { 'content-type': headers['content-type']! })
    const name = path === '/v1/traces' ? 'rejectedSpans' : 'rejectedDataPoints'
    const partial = Buffer.concat([Buffer.from([0x08, 2, 0x12, message.length]), Buffer.from(message)])
    if (protocol === 'http/protobuf')
      response.end(Buffer.concat([Buffer.from([0x0a, partial.length]), partial]))
    else response.end(JSON.stringify({ partialSuccess: { [name]: '2', errorMessage: message } }))
    return true
  })
  const ran = await run({ endpoint: receiver.url, protocol })
  expect(ran.result.exitCode).toBe(2)
  const said = messages(ran).join('\n')
  expect(said).toMatch(
    /\b2 of \d+ data points so far are lost: .*v1\/metrics: it rejected 2 of \d+: no room for you/,
  )
  expect(said).toMatch(
    /\b2 of \d+ spans so far are lost: .*v1\/traces: it rejected 2 of \d+: no room for you/,
  )
})

test('what it has to say although it took everything is a warning', async () => {
  const receiver = await receiverOf(({ isEmpty }, response) => {
    if (isEmpty) return false
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ partialSuccess: { errorMessage: 'use a newer one' } }))
    return true
  })
  const ran = await run({ endpoint: receiver.url, ...json, signals: ['traces'] })
  expect(messages(ran)).toEqual([])
  expect(ran.text).toContain('v1/traces: use a newer one')
})

test.for([
  ['text/html', '<html>welcome</html>'],
  ['application/json', 'not json'],
  ['application/json', '[]x'],
  ['application/x-protobuf', '<html>'],
  ['', 'hello'],
] as const)('a server that says yes to everything (%s) is no collector', async ([type, body]) => {
  const receiver = await receiverOf((_, response) => {
    response.writeHead(200, type === '' ? {} : { 'content-type': type }).end(body)
    return true
  })
  const said = await refusal(run({ endpoint: receiver.url }))
  expect(said).toContain('takes no traces: its answer is no OTLP: it answered 200 OK')
})

test('a replay tells of what it cannot deliver too', async () => {
  const receiver = await receiverOf()
  const { result } = await run({ endpoint: receiver.url })
  await receiver.close()
  const said = await refusal(replay(result, { endpoint: receiver.url, timeout: '1s' }))
  expect(said).toContain('takes no traces: connect ECONNREFUSED')
})
