import { Histogram, type NumberVerdict, type ScenarioResult, type Verdict } from '@cloudbench/core'
import { createStyle } from '@cloudbench/core/text'
import { expect, test } from 'vitest'
import { lanes } from '../src/lanes.ts'
import { play, runOf, type Screenplay } from './replay.ts'

const style = createStyle(false)

/** One of two clients: it costs so many times what the replayed run does. */
function lane(name: string, times: number, screenplay: Screenplay = {}): ScenarioResult {
  const [result] = runOf(screenplay).scenarios as [ScenarioResult]
  const { scenario, phases } = result
  const version = name === 'wire' ? {} : { version: '5.8.2' }
  return {
    ...result,
    scenario: {
      ...scenario,
      id: `lanes (${name})`,
      comparison: 'lanes',
      flows: scenario.flows.map((flow) => ({ ...flow, client: { name, ...version } })),
    },
    phases: phases.map((phase) => ({
      ...phase,
      generators: phase.generators.map((sample) => ({
        ...sample,
        cpuMs: sample.cpuMs * times,
        allocatedBytes: sample.allocatedBytes * times,
        lag: Histogram.empty,
      })),
    })),
  }
}

test('clients that were compared are beside the first of them, as a Markdown table', () => {
  expect(lanes([lane('wire', 1), lane('ioredis', 1.75)], style).join('\n')).toMatchInlineSnapshot(`
    "lanes: what each client costs, beside wire
    | client        |     CPU/request |   heap/request | response p50 |     p99 | rate |
    | ------------- | --------------: | -------------: | -----------: | ------: | ---: |
    | wire          |          900 µs |         2.4 KB |       899 µs | 1.29 ms | 50/s |
    | ioredis 5.8.2 | 1.57 ms (1.75×) | 4.2 KB (1.75×) |       899 µs | 1.29 ms | 50/s |"
  `)
})

test('numbers that are not to be taken as they are have their signs', () => {
  const doubtful = (
    metric: string,
    unit: 'ns' | 'perSecond',
    change: Partial<NumberVerdict>,
  ): NumberVerdict => ({
    metric,
    unit,
    value: 1,
    validity: 'suspect',
    codes: ['CPU_STEAL'],
    ...change,
  })
  const result = lane('ioredis', 1)
  const verdict: Verdict = {
    validity: 'suspect',
    reasons: [],
    numbers: [
      doubtful('response.p50', 'ns', {}),
      doubtful('response.p99', 'ns', { validity: 'invalid', codes: ['GENERATOR_LAG'], isLowerBound: true }),
      doubtful('rate', 'perSecond', {}),
    ],
    steadyStates: [],
    signals: [],
    required: 'suspect',
    isInvalidAllowed: false,
  }
  const text = lanes([lane('wire', 1), { ...result, verdict }], style).join('\n')
  expect(text).toMatch(/\| wire .*\| +899 µs \| +1\.29 ms \| +50\/s \|/)
  expect(text).toMatch(/\| ioredis .*\| +~899 µs \| +\?≥1\.29 ms \| +~50\/s \|/)
})

test('in a closed loop times count from sending', () => {
  const text = lanes(
    [lane('wire', 1, { isClosed: true }), lane('ioredis', 2, { isClosed: true })],
    style,
  ).join('\n')
  expect(text).toContain('| service p50 |')
})

test('a client that did not pass says so, and one without requests has no cost', () => {
  const text = lanes([lane('wire', 1), lane('ioredis', 2, { reason: 'failed', isEmpty: true })], style).join(
    '\n',
  )
  expect(text).toMatch(/^\| ioredis 5\.8\.2 FAILED \| +– \| +– \| +– \| +– \|/m)
})

test('a name of a client cannot break the table', () => {
  const [, , , row] = lanes([lane('a|b\n\u001B[31m', 1)], style)
  expect(row).toContain(String.raw`a\|b`)
  for (const sign of ['\n', '\u001B']) expect(row).not.toContain(sign)
})

test('nothing is compared where nothing was to be', async () => {
  expect(lanes(runOf({}).scenarios, style)).toEqual([])
  expect(await play()).not.toContain('what each client costs')
})
