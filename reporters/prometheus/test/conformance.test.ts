import { testReporter } from '@cloudbench/testkit'
import { describe, test } from 'vitest'
import { standIn } from './support/gateway.ts'

const reporter = new URL('../src/index.ts', import.meta.url)

describe('scraped', () => {
  testReporter({
    test,
    reporter,
    options: { listen: 0, linger: '0s', cluster: 'a', labels: { team: 'payments' } },
    refused: [
      { pushgateway: 'localhost:9091' },
      { pushgateway: 'ftp://localhost' },
      { pushgateway: 'http://localhost:9091?job=x' },
      { job: '' },
      { labels: { 'a-b': 'c' } },
      { labels: { __name__: 'c' } },
      { labels: { outcome: 'c' } },
      { labels: { a: '' } },
      { listen: ':9464' },
      { listen: 70_000 },
      { listen: 'localhost' },
      { linger: '30s' },
      { timeout: '0s' },
      { timeout: '5s' },
      { delete: 'yes' },
    ],
  })
})

const gateway = await standIn()

describe('pushed', () => {
  testReporter({ test, reporter, options: { pushgateway: gateway.url, delete: true, linger: '0s' } })
})
