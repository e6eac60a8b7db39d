import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startSink } from '@cloudbench/fixtures/sink'
import { expect, onTestFinished, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'
import {
  ofCsv,
  ofHtml,
  ofJunit,
  ofMarkdown,
  ofNdjson,
  ofOtel,
  ofPrometheus,
  ofTerminal,
  type FlatLine,
} from './support/report-numbers.ts'
import { httpTarget } from './support/target.ts'

const files = {
  csv: { name: 'totals.csv', read: ofCsv },
  github: { name: 'summary.md', read: ofMarkdown },
  html: { name: 'page.html', read: ofHtml },
  junit: { name: 'junit.xml', read: ofJunit },
  markdown: { name: 'report.md', read: ofMarkdown },
  ndjson: { name: 'lines.ndjson', read: ofNdjson },
} as const

/** What a server was sent, as texts. */
function received(
  requests: readonly { readonly method: string; readonly body: Buffer }[],
  method: string,
): string[] {
  return requests.filter((request) => request.method === method).map(({ body }) => body.toString())
}

test('one run, all reporters: each says the same', async () => {
  const sink = await startSink()
  onTestFinished(() => sink.close())
  const configuration = {
    targets: { http: { driver: 'http', url: await httpTarget({ failureRate: 0.1 }) } },
    scenarios: {
      api: {
        target: 'http',
        rate: '300/s',
        duration: '1s',
        warmup: '200ms',
        interval: '100ms',
        checks: { 'errors.rate': '< 1%' },
      },
    },
    reporters: [
      'default',
      'csv',
      'github',
      'junit',
      'markdown',
      ['html', { file: files.html.name }],
      ['json', { file: 'result.json', stdout: false }],
      ['ndjson', { file: files.ndjson.name }],
      ['otel', { endpoint: sink.url, protocol: 'http/json' }],
      ['prometheus', { pushgateway: sink.url }],
    ],
  }
  const cwd = await folder({ 'cloudbench.config.mjs': `export default ${JSON.stringify(configuration)}\n` })
  const summary = join(cwd, '.cloudbench', files.github.name)
  const { code, stdout, stderr } = await cloudbench(['run', 'api'], {
    cwd,
    env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
  })
  expect(code, stderr).toBe(1)
  const written = (file: string): Promise<string> => readFile(join(cwd, '.cloudbench', file), 'utf8')
  const { scenarios } = JSON.parse(await written('result.json')) as {
    readonly scenarios: readonly FlatLine[]
  }
  const { requests, errors, latency_p99_ms } = scenarios[0]!
  expect([requests, errors]).toEqual([300, 30])
  const { verdict } = scenarios[0]!
  const texts = Object.values(files).map(async ({ name }) => [name, await written(name)] as const)
  const gateway =
    received(sink.received, 'PUT').findLast((text) => text.includes('cloudbench_validity')) ?? ''
  const collector = received(sink.received, 'POST').findLast((text) => text.includes('.validity"')) ?? ''
  const told = [
    ['default', stdout],
    ['prometheus', gateway.split('\n').find((line) => /^cloudbench_validity\{.*\} 1$/.test(line))],
    ['otel', collector],
    ...(await Promise.all(texts)),
  ] as const
  for (const [name, text] of told)
    expect(text?.toLowerCase().replaceAll(/<[^>]*value="(\w+)"[^>]*>/g, ' $1 '), name).toMatch(
      new RegExp(`\\b${verdict}\\b`),
    )
  const said = [
    ['default', ofTerminal(stdout)],
    ['otel', ofOtel(sink.received)],
    ['prometheus', ofPrometheus(sink.received)],
    ...(await Promise.all(
      Object.entries(files).map(async ([name, file]) => [name, file.read(await written(file.name))] as const),
    )),
  ] as const
  for (const [name, { requests: own, failed = errors, p99Ns }] of said) {
    expect({ name, requests: own, failed }).toEqual({ name, requests, failed: errors })
    const nearest = Math.min(...p99Ns.map((valueNs) => Math.abs(valueNs / (latency_p99_ms * 1e6) - 1)))
    // three digits, as on a terminal
    expect(nearest, name).toBeLessThan(0.01)
  }
})
