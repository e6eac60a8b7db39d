import { freePort } from '@cloudbench/fixtures/free-port'
import { expect, test } from 'vitest'
import { realGateway, standIn, withoutPushgateway } from './support/gateway.ts'
import { run, steady } from './support/run.ts'
import { seriesOf, sum } from './support/series.ts'

const refused = async (pushgateway: string, options = {}): Promise<string> =>
  await run({ options: { pushgateway, ...options } }).then(
    ({ result }) => `it ran: ${result.reason}`,
    (error: { format(): string }) => error.format(),
  )

test('a gateway that is not there is said at the start, and nothing runs', async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  expect(await refused(url)).toBe(
    [
      `CB_CONNECT: [prometheus] run:start: the Pushgateway at ${url} cannot be reached: ECONNREFUSED`,
      '  expected: a Pushgateway that takes what a run measures',
      '  next: cloudbench up pushgateway, or name another: --reporter "[prometheus, {pushgateway: http://host:9091}]"',
    ].join('\n'),
  )
})

test.each([
  [
    400,
    'text format parsing error\nin line 1\u001B[31m',
    'answered 400: text format parsing error in line 1\\x1b[31m',
  ],
  [401, '', 'answered 401'],
  [500, 'x'.repeat(1000), `answered 500: ${'x'.repeat(200)}`],
])('one that refuses with %d is said at the start', async (status, body, says) => {
  const gateway = await standIn((response) => response.writeHead(status).end(body))
  expect(await refused(gateway.url)).toContain(`the Pushgateway at ${gateway.url} ${says}\n`)
})

test('one that sends us elsewhere is not followed', async () => {
  const elsewhere = await standIn()
  const gateway = await standIn((response) => response.writeHead(302, { location: elsewhere.url }).end())
  expect(await refused(gateway.url)).toContain('answered 302')
  expect(elsewhere.asked).toEqual([])
})

test('one that takes too long is said at the start', async () => {
  const gateway = await standIn(() => {})
  expect(await refused(gateway.url, { timeout: '50ms' })).toContain('did not answer within 50.0 ms')
})

test.each([
  ['me:s%20cret@', 'me:s cret'],
  ['me:50%cret@', 'me:50%cret'],
])('credentials %s are sent, and not shown', async (written, sent) => {
  const gateway = await standIn((response) => response.writeHead(403).end())
  const said = await refused(gateway.url.replace('//', `//${written}`))
  expect(said).toContain(`the Pushgateway at ${gateway.url} answered 403`)
  expect(said).not.toMatch(/me:|cret/)
  expect(gateway.asked[0]?.authorization).toBe(`Basic ${btoa(sent)}`)
})

test('slow in the middle: warned of once, and the run ends well once it answers again', async () => {
  let asked = 0
  const gateway = await standIn((response) => {
    asked++
    if (asked === 1 || asked > 4) response.end()
  })
  const { result, log } = await run({ options: { pushgateway: gateway.url, timeout: '1s' } })
  expect(result.errors).toEqual([])
  expect(result.reason).toBe('passed')
  expect(log.match(/did not answer within 1 s; trying again with every interval/g)).toHaveLength(1)
  expect(log.match(/the Pushgateway at \S+ is back/g)).toHaveLength(1)
})

test('slow until the end: the run is errored, and says how to send the values again', async () => {
  let asked = 0
  const gateway = await standIn((response) => {
    if (asked++ === 0) response.end()
  })
  const { result } = await run({
    options: { pushgateway: gateway.url, timeout: '1s' },
    defaults: { interval: '500ms' },
  })
  expect(result.exitCode).toBe(2)
  expect(result.errors).toMatchObject([
    {
      source: 'prometheus',
      during: 'run:end',
      message: expect.stringMatching(
        /did not answer within 1 s; the last values did not arrive: cloudbench report \S+\.json --reporter prometheus, with the same options, sends them again/,
      ) as string,
    },
  ])
})

test.each([400, 500])('refusing with %d at the end: the run is errored', async (status) => {
  const gateway = await standIn((response, { body }) => {
    const isOver = sum(seriesOf(body), 'cloudbench_verdict', { reason: 'running' }) === 0
    response.writeHead(isOver ? status : 200).end()
  })
  const { result } = await run({ options: { pushgateway: gateway.url } })
  expect(result.exitCode).toBe(2)
  expect(result.errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(new RegExp(`answered ${status}; the last values did not arrive`)),
  ])
})

test.skipIf(withoutPushgateway)(
  'a real one that is gone in the middle and back at the end has everything',
  async () => {
    const gateway = await realGateway()
    let intervals = 0
    const killer = {
      name: 'killer',
      async onInterval() {
        intervals++
        if (intervals === 3) await gateway.kill()
        if (intervals === 6) await gateway.start()
      },
    }
    const { result, log } = await run({
      options: { pushgateway: gateway.url },
      scenarios: { steady: { ...steady, duration: '1500ms' } },
      reporters: [killer as never],
    })
    expect(result.errors).toEqual([])
    expect(log).toMatch(/cannot be reached: (ECONN\w+|other side closed); trying again with every interval/)
    expect(log).toMatch(/the Pushgateway at \S+ is back/)
    const series = seriesOf(await gateway.metrics())
    expect(sum(series, 'cloudbench_requests_total')).toBe(300)
    expect(sum(series, 'cloudbench_verdict', { reason: 'passed' })).toBe(1)
  },
)

test.skipIf(withoutPushgateway)('a real one that is gone at the end is an error', async () => {
  const gateway = await realGateway()
  const killer = { name: 'killer', onPhaseEnd: () => gateway.kill() }
  const { result } = await run({ options: { pushgateway: gateway.url }, reporters: [killer as never] })
  expect(result.exitCode).toBe(2)
  expect(result.errors.map(({ source, message }) => [source, message])).toEqual([
    [
      'prometheus',
      expect.stringContaining('cannot be reached: ECONNREFUSED; the last values did not arrive'),
    ],
  ])
})
