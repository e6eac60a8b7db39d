import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { measuredOf, sumFlows } from '@cloudbench/core'
import { freePort } from '@cloudbench/fixtures/free-port'
import { expect, onTestFinished, test } from 'vitest'
import { run, steady } from './support/run.ts'
import { seriesOf, sum } from './support/series.ts'

/** Scrapes until nothing answers any more, and keeps what was answered last. */
async function scrapeAll(url: string): Promise<{ readonly texts: readonly string[]; readonly type: string }> {
  const texts: string[] = []
  let type = ''
  for (let isOver = false; !isOver;) {
    const response = await fetch(url).catch(() => undefined)
    if (response) type = response.headers.get('content-type') ?? ''
    const text = await response?.text().catch(() => undefined)
    if (text !== undefined) texts.push(text)
    isOver = text === undefined && texts.length > 0
  }
  return { texts, type }
}

test('it can be scraped while the run goes on, and stays until the last values were', async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/metrics`
  const running: number[] = []
  const meanwhile = {
    name: 'meanwhile',
    async onInterval() {
      const series = seriesOf(await (await fetch(url)).text())
      running.push(sum(series, 'cloudbench_verdict', { reason: 'running' }))
    },
  }
  const [{ result, log }, { texts, type }] = await Promise.all([
    run({
      options: { listen: port, cluster: 'blue', linger: '25s' },
      scenarios: { steady },
      reporters: [meanwhile as never],
    }),
    scrapeAll(url),
  ])
  expect(result.errors).toEqual([])
  expect(log).toContain(`scrape ${url}`)
  expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
  const last = seriesOf(texts.at(-1)!)
  const labels = { scenario: 'steady', cluster: 'blue' }
  expect(sum(last, 'cloudbench_request_duration_seconds_count', labels)).toBe(
    sumFlows(measuredOf(result.scenarios[0]!).flows).total.sent,
  )
  expect(sum(last, 'cloudbench_verdict', { ...labels, reason: 'passed' })).toBe(1)
  expect(running.length).toBeGreaterThan(0)
  expect(running[0]).toBe(1)
})

test('nothing is pushed then, unless a gateway is named', async () => {
  const gateway = `http://127.0.0.1:${await freePort()}`
  const { result } = await run({ options: { listen: 0, linger: '0s' } })
  expect(result.reason).toBe('passed')
  await expect(run({ options: { listen: 0, pushgateway: gateway } })).rejects.toThrow('cannot be reached')
})

test('last values that nothing scraped are an error', async () => {
  const { result } = await run({ options: { listen: 0, linger: '10ms' } })
  expect(result.exitCode).toBe(2)
  expect(result.errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(/nothing scraped the last values at http:\S+ within 10/),
  ])
})

test('a port that is taken is said at the start', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  await expect(run({ options: { listen: port } })).rejects.toThrow(
    `Prometheus cannot scrape 127.0.0.1:${port}: listen EADDRINUSE`,
  )
})

test('there is one page, and it can only be read', async () => {
  const port = await freePort()
  const seen: (readonly [number, string])[] = []
  const asking = {
    name: 'asking',
    async onScenarioStart() {
      for (const [method, path] of [
        ['GET', '/'],
        ['POST', '/metrics'],
        ['HEAD', '/metrics'],
        ['GET', '/metrics?x'],
      ] as const) {
        const response = await fetch(`http://127.0.0.1:${port}${path}`, { method })
        seen.push([response.status, (await response.text()).slice(0, 6)])
      }
    },
  }
  await run({ options: { listen: `127.0.0.1:${port}`, linger: '0s' }, reporters: [asking as never] })
  expect(seen).toEqual([
    [404, 'see /m'],
    [405, 'see /m'],
    [200, ''],
    [200, '# HELP'],
  ])
})
