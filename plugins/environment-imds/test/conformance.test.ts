import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { awsService } from '@cloudbench/fixtures/metadata-services'
import { testEnvironment } from '@cloudbench/testkit'
import { afterAll, test } from 'vitest'

// a machine whose heap this one can have, whatever it is
const server = createServer(awsService({ machine: { instanceType: 't3.small' } }))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const aws = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

testEnvironment({
  test,
  environment: new URL('../src/index.ts', import.meta.url),
  options: { endpoint: { aws }, root: '/nonexistent', budgetMs: 1_500 },
  refused: [{ budgetMs: 0 }, { endpoint: { aws: 'http://10.0.0.1' } }, { clouds: ['other'] }],
  absent: { endpoint: { aws: 'http://127.0.0.1:9' }, root: '/nonexistent' },
})
