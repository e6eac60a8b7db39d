import { expect, test } from 'vitest'
import { realGateway, standIn, withoutPushgateway } from './support/gateway.ts'
import { run, steady } from './support/run.ts'

const scenarios = { 'a/b': steady, c: steady }

test.skipIf(withoutPushgateway)(
  'a real gateway has nothing left once the groups are deleted, and all of it otherwise',
  async () => {
    const gateway = await realGateway()
    const options = { pushgateway: gateway.url, cluster: 'x/y', linger: '10ms' }
    expect((await run({ options, scenarios })).result.errors).toEqual([])
    expect(await gateway.metrics()).toContain('cloudbench_verdict')
    expect((await run({ options: { ...options, delete: true }, scenarios })).result.errors).toEqual([])
    expect(await gateway.metrics()).not.toContain('cloudbench_')
  },
)

test('the last values stay for a while before they are deleted', async () => {
  const gateway = await standIn()
  const atMs: number[] = []
  const options = { pushgateway: gateway.url, delete: true, linger: '300ms' }
  const watch = { name: 'watch', onRunEnd: () => void atMs.push(performance.now()) }
  const { result } = await run({ options, reporters: [watch as never] })
  expect(result.errors).toEqual([])
  expect(gateway.asked.at(-1)?.method).toBe('DELETE')
  expect(performance.now() - atMs[0]!).toBeGreaterThanOrEqual(290)
})

test('a deletion that is refused is an error', async () => {
  const gateway = await standIn((response, { method }) =>
    response.writeHead(method === 'DELETE' ? 405 : 200).end(),
  )
  const { result } = await run({ options: { pushgateway: gateway.url, delete: true, linger: '0s' } })
  expect(result.exitCode).toBe(2)
  expect(result.errors.map(({ message }) => message)).toEqual([expect.stringContaining('answered 405')])
})

test('who interrupts a run does not wait', async () => {
  const gateway = await standIn()
  const interrupt = new AbortController()
  const options = { pushgateway: gateway.url, delete: true, linger: '25s' }
  const stop = { name: 'stop', onInterval: () => interrupt.abort() }
  const { result } = await run({ options, interrupt: interrupt.signal, reporters: [stop as never] })
  expect(result.reason).toBe('interrupted')
  expect(result.errors).toEqual([])
  const last = gateway.asked.findLast(({ method }) => method === 'PUT')!
  expect(last.body).toContain('cloudbench_verdict{reason="interrupted"} 1')
  expect(gateway.asked.at(-1)?.method).toBe('DELETE')
})
