import { expect, it } from 'vitest'
import { expectNear, expectQuantiles, nearestRank } from '../support/milliseconds.ts'
import { exponential, queue } from '../support/servers.ts'
import { poissonRate, simulate } from '../support/simulate.ts'

it('known answer 15: M/M/4 at 80 % load: 59.64 % wait (Erlang C), and the mean is 17.46 ms', async () => {
  const server = queue({ servers: 4, serviceMs: exponential(10, 4) })
  const { flow, breaches } = await simulate({
    load: poissonRate(320, 1_000_000),
    durationMs: 1_000_000,
    intervalMs: 25_000,
    seed: 11,
    looksForHiccups: false,
    serve: server.serve,
  })
  const { response, ok } = flow.total
  expect(breaches).toEqual([])
  expectNear(server.waited() / ok, 0.5964, 0.02)
  // by Erlang C: S + C/(4μ − λ)
  expectNear(response.mean / 1e6, 17.46, 0.02)
  expectQuantiles(
    response,
    Object.fromEntries([50, 90, 99, 99.9].map((p) => [p, nearestRank(server.responsesMs, p)])),
  )
})
