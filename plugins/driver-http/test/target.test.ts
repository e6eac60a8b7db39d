import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parseTarget } from '../src/target.ts'
import { onClients, requestFlow } from './fixtures/flow.ts'
import { httpServer } from './servers/http.ts'

test('generated parts in path and query of the url are generated for every request', async () => {
  const { target, seen } = await httpServer()
  for (const [url, options] of [
    ['/u/${index}?n=${int:7:7}', {}],
    ['/u/${index}?n=${int:7:7}', { path: '/x?y=1' }],
  ] as const) {
    const flow = requestFlow(target + url, options)
    await flow.send(await flow.open(), 5)
  }
  expect(seen.map(({ url }) => url)).toEqual(['/u/5?n=7', '/u/5/x?n=7&y=1'])
})

test.for([
  ['http://h/#top', 'has a fragment'],
  ['http://h:0/', 'has port 0'],
  ['http://${uuid}.h/', 'outside its path and query'],
  ['http://h/${uid}', 'did you mean ${uuid}?'],
  ['ftp://h/', 'is not an http url'],
])('%s is refused: %s', ([url, fault]) => {
  expect(() => parseTarget(url!)).toThrow(fault)
})

onClients((requestBy) => {
  test('requests go over a Unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cloudbench-http-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const socket = join(folder, 'a.sock')
    const seen: (string | undefined)[] = []
    const server = createServer((request, response) => {
      seen.push(request.url)
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(socket, resolve))
    onTestFinished(() => void server.close())
    for (const url of [
      `unix:${socket}:/a/b`,
      `http+unix://${encodeURIComponent(socket)}/c`,
      `unix:${socket}`,
    ]) {
      const flow = requestBy(url)
      const connection = await flow.open()
      expect((await flow.send(connection)).name).toBe('200')
    }
    expect(seen).toEqual(['/a/b', '/c', '/'])
    await expect(requestBy(`unix:${folder}/none.sock:/`).open()).rejects.toThrow('none.sock')
  })
})
