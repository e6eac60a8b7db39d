import { get } from 'node:http'
import type { Probe } from '../definition.ts'

/** No answer to a probe is longer; what is cannot be what is asked for. */
const longestBytes = 65_536

/** Asks whatever listens on this port of 127.0.0.1 for a page, and judges it. Never rejects. */
export function askForPage(
  port: number,
  path: string,
  timeoutMs: number,
  judge: (status: number, body: string) => Probe,
): Promise<Probe> {
  const { promise, resolve } = Promise.withResolvers<Probe>()
  const unusable = (why: string): void => resolve({ usable: false, why })
  const request = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
    let body = ''
    response.setEncoding('utf8')
    response.on('data', (text: string) => {
      body += text
      if (body.length > longestBytes) unusable(`its answer to GET ${path} does not end`)
    })
    response.on('end', () => resolve(judge(response.statusCode ?? 0, body)))
  })
  const timer = setTimeout(unusable, timeoutMs, `no answer to GET ${path} within ${timeoutMs} ms`)
  request.on('error', (error) => unusable(error.message))
  request.on('close', () => unusable('the connection was closed without an answer'))
  return promise.finally(() => {
    clearTimeout(timer)
    request.destroy()
  })
}
