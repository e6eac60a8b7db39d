import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { hasPerson } from '../src/live/open-browser.ts'
import { startServer, type LiveServer } from '../src/live/server.ts'

const parts = { html: '<main id="main">hello</main>', charts: '{}', title: 'a run' }

async function served(partsNow: () => typeof parts = () => parts): Promise<LiveServer> {
  const server = await startServer(0, partsNow)
  onTestFinished(() => server.end(undefined))
  return server
}

async function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<IncomingMessage> {
  const asked = request(url, { headers, method, agent: false }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  onTestFinished(() => void response.destroy())
  return response
}

/** Reads until a text has come. */
async function heard(response: IncomingMessage, text: string): Promise<string> {
  let all = ''
  for await (const chunk of response.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    all += chunk as string
    if (all.includes(text)) return all
  }
  return all
}

test('the page is there for those who know the token, and for no one else', async () => {
  const { url } = await served()
  const page = await ask(url)
  expect(page.statusCode).toBe(200)
  expect(await heard(page, '</html>')).toContain('<main id="main">hello</main>')
  expect(page.headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': expect.stringMatching(
      /^default-src 'none';.*frame-ancestors 'none'$/,
    ) as string,
  })
  expect(page.headers['access-control-allow-origin']).toBeUndefined()
  const { origin, pathname } = new URL(url)
  const token = pathname.slice(1, -1)
  expect(token).toMatch(/^[\w-]{32}$/)
  for (const path of [
    '/',
    '/x/',
    '/events',
    `/${token.slice(0, -1)}/`,
    `/${token}x/`,
    `/${token}`,
    `/${token}/other`,
  ])
    expect((await ask(origin + path)).statusCode, path).toBe(404)
  expect((await ask(url, {}, 'POST')).statusCode).toBe(405)
})

test('a name that leads to this machine, and a page of another site, are refused', async () => {
  const { url } = await served()
  const { port } = new URL(url)
  for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1.evil.example:${port}`])
    expect((await ask(url, { host })).statusCode, host).toBe(421)
  expect((await ask(url, { host: `localhost:${port}` })).statusCode).toBe(200)
  for (const site of ['cross-site', 'same-site'])
    expect((await ask(`${url}events`, { 'sec-fetch-site': site })).statusCode).toBe(403)
})

test('it listens on loopback alone, and a port that is taken is named before the run', async () => {
  const { url } = await served()
  expect(new URL(url).hostname).toBe('127.0.0.1')
  await expect(startServer(Number(new URL(url).port), () => parts)).rejects.toThrow(
    /live page cannot be served on 127\.0\.0\.1:\d+: .*EADDRINUSE/,
  )
})

test('who joins late gets the latest state, and all are told the end', async () => {
  let number = 0
  const server = await served(() => ({ ...parts, html: `state ${number}` }))
  number = 7
  const late = await ask(`${server.url}events`)
  expect(await heard(late, 'state 7')).toContain('event: state')
  number = 8
  server.changed()
  expect(await heard(late, 'state 8')).not.toContain('state 7')
  const ended = server.end('/tmp/page.html')
  expect(await heard(late, 'event: over')).toContain('{"file":"/tmp/page.html"}')
  await ended
  await expect(ask(server.url)).rejects.toThrow(/ECONNREFUSED/)
})

test('one that reads nothing is not waited for, and little is kept for it', async () => {
  let made = 0
  // more than sockets hold
  const large = 'x'.repeat(20_000_000)
  const server = await served(() => {
    made++
    return { ...parts, html: large }
  })
  const { port, pathname } = new URL(server.url)
  const stuck = connect(Number(port), '127.0.0.1')
  onTestFinished(() => void stuck.destroy())
  stuck.on('error', () => {}).pause()
  stuck.write(`GET ${pathname}events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  for (let told = 0; told < 40; told++) {
    server.changed()
    await sleep(50)
  }
  // the one state that it has not read yet, and no other was made for it
  expect(made).toBe(1)
  await server.end(undefined)
})

test('there is room for some pages, and no more', async () => {
  const { url } = await served()
  for (let client = 0; client < 16; client++) expect((await ask(`${url}events`)).statusCode).toBe(200)
  expect((await ask(`${url}events`)).statusCode).toBe(503)
})

test('a browser opens for a person at a terminal, and never in CI', () => {
  const person = { DISPLAY: ':0' }
  expect(hasPerson(true, person)).toBe(true)
  expect(hasPerson(false, person)).toBe(false)
  expect(hasPerson(true, { ...person, CI: 'true' })).toBe(false)
  expect(hasPerson(true, { ...person, CI: 'false' })).toBe(true)
})
