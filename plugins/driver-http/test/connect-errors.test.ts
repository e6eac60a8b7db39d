import { networkErrors, targetErrors } from '@cloudbench/fixtures/drivers/connect-errors'
import { refusalsOf } from '@cloudbench/fixtures/refusal'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { onClients } from './fixtures/flow.ts'
import { httpServer } from './servers/http.ts'

onClients((requestFlow, client) => {
  const refusal = refusalsOf(driver, { client }, { workload: 'request' })
  networkErrors(refusal, 'http', 'an HTTP server')
  targetErrors(refusal, 'a url such as http://127.0.0.1:8080', ['localhost:8080', 'redis://127.0.0.1:6379'])

  test('credentials in the url are not shown', async () => {
    const server = await httpServer()
    server.stop()
    for (const target of [server.target.replace('//', '//me:hunter2@'), 'ftp://me:hunter2@127.0.0.1'])
      expect(await refusal(target)).not.toContain('hunter2')
  })

  test('no connection opens after the run was stopped', async () => {
    const server = await httpServer()
    const stop = new AbortController()
    stop.abort()
    await expect(requestFlow(server.target, {}, { signal: stop.signal }).open()).rejects.toThrow('aborted')
  })
})
