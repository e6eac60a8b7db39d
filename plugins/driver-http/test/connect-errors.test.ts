import { CloudbenchError } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { requestFlow } from './fixtures/flow.ts'
import { httpServer } from './servers/http.ts'

async function refusal(target: string): Promise<CloudbenchError> {
  const error: unknown = await requestFlow(target)
    .open()
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(CloudbenchError)
  return error as CloudbenchError
}

test('a port that nothing listens on', async () => {
  const server = await httpServer()
  server.stop()
  expect((await refusal(server.target)).format()).toBe(
    [
      `CB_CONNECT: nothing listens on 127.0.0.1:${server.port}`,
      `  expected: an HTTP server on 127.0.0.1:${server.port}`,
      "  next: start it, or correct the target's url",
    ].join('\n'),
  )
})

test('a name that does not resolve', async () => {
  const error = await refusal('http://no-such-host.invalid:8080')
  expect(error.code).toBe('CB_CONNECT')
  expect(error.message).toContain('the name no-such-host.invalid does not resolve')
})

test.for(['127.0.0.1:8080', 'localhost:8080', 'redis://127.0.0.1:6379', ''])(
  '%j is not an http url',
  async (target) => {
    const error = await refusal(target)
    expect(error.code).toBe('CB_TARGET')
    expect(error.expected).toContain('http://127.0.0.1:8080')
  },
)

test('credentials in the url are not shown', async () => {
  const server = await httpServer()
  server.stop()
  for (const target of [server.target.replace('//', '//me:hunter2@'), 'ftp://me:hunter2@127.0.0.1'])
    expect((await refusal(target)).format()).not.toContain('hunter2')
})

test('no connection opens after the run was stopped', async () => {
  const server = await httpServer()
  const stop = new AbortController()
  stop.abort()
  await expect(requestFlow(server.target, {}, { signal: stop.signal }).open()).rejects.toThrow('aborted')
})
