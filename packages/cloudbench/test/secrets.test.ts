import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cloudbench, eventually, folder, startCli } from './support/cli.ts'
import { countingTarget } from './support/target.ts'

const secret = 'S3NTINEL-9f2c'

async function withSecret(url: string): Promise<string> {
  return await folder({
    'token.txt': `${secret}-file\n`,
    'config/targets/api.yaml': `driver: http\nurl: ${url.replace('http://', 'http://user:${env:API_PASSWORD}@')}\noptions:\n  headers:\n    x-token: \${file:token.txt}\n    x-key: \${env:API_PASSWORD}\n`,
    'config/scenarios/api.yaml': 'target: api\nworkload: json-api\nrate: 50/s\nduration: 20s\nwarmup: 0s\n',
  })
}

const env = { API_PASSWORD: secret }

test('a secret is in no output, no file and no process listing, and reaches the target', async () => {
  const { url, served } = await countingTarget()
  const cwd = await withSecret(url)
  const { child, ended } = startCli(['api', '--reporter', 'json', '--interval', '200ms'], { cwd, env })
  await eventually(() => served() > 0)
  const listing = [child.pid!, ...childrenOf(child.pid!)].map((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
  )
  expect(listing.join('\n')).toContain('worker')
  expect(listing.join('\n')).not.toContain(secret)
  child.kill('SIGINT')
  const { stdout, stderr } = await ended
  expect(JSON.parse(stdout)).toMatchObject({ errors: 0 })
  expect(stdout + stderr).not.toContain(secret)
  for (const file of await readdir(join(cwd, '.cloudbench'))) {
    const text = await readFile(join(cwd, '.cloudbench', file), 'utf8')
    expect(text).toContain('api')
    expect(text).not.toContain(secret)
  }
})

test('the commands that print settings hide it', async () => {
  const cwd = await withSecret('http://127.0.0.1:9')
  for (const args of [
    ['config'],
    ['config', '--json'],
    ['list'],
    ['plugins'],
    ['run', '--dry-run'],
    ['doctor'],
  ]) {
    const { stdout, stderr, code } = await cloudbench(args, { cwd, env })
    expect(code, stderr).toBe(0)
    expect(stdout + stderr).not.toContain(secret)
  }
})

test('an error of the target hides it', async () => {
  const cwd = await withSecret('http://127.0.0.1:9')
  const { code, stdout, stderr } = await cloudbench(['api', '--reporter', 'json'], { cwd, env })
  expect(code).toBe(2)
  expect(stderr).toContain('127.0.0.1:9')
  expect(stdout + stderr).not.toContain(secret)
})

test.each([
  ['p w/?#@"<\'&', 'q:%/ "+é'],
  ['語🔑 %41', 'a;b|c'],
  ['x y', '7!'],
])('what a server repeats of what it was sent is hidden: %s, %s', async (password, token) => {
  const server = createServer((request, response) => {
    const { authorization = '', cookie = '', 'x-api-key': key = '' } = request.headers
    const sent = Buffer.from(authorization.slice(6), 'base64').toString()
    response.writeHead(500).end(`${sent} ${authorization} ${cookie} ${String(key)} ${request.url}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const encoded = encodeURIComponent(token)
  const cwd = await folder({
    'config/targets/api.yaml': JSON.stringify({
      driver: 'http',
      url: `http://me:${encodeURIComponent(password)}@127.0.0.1:${port}?sig=${encoded}`,
      options: { headers: { cookie: `sid=${encoded}`, 'x-api-key': encoded } },
    }),
    'config/scenarios/api.yaml': 'target: api\nworkload: json-api\nrate: 20/s\nduration: 500ms\nwarmup: 0s\n',
  })
  const reporters = ['--reporter', 'default', '--reporter', 'json', '--reporter', 'junit']
  const { code, stdout, stderr } = await cloudbench(['api', ...reporters], { cwd })
  expect(code).toBe(1)
  const files = await readdir(join(cwd, '.cloudbench'))
  expect(files).toHaveLength(2)
  const stored = await Promise.all(files.map((file) => readFile(join(cwd, '.cloudbench', file), 'utf8')))
  expect(stored.join('\n')).toContain('***')
  const login = Buffer.from(`me:${password}`).toString('base64').replace(/=+$/, '')
  for (const text of [stdout, stderr, ...stored])
    for (const form of [password, token, encodeURIComponent(password), encoded, login])
      // what is too short to be looked for is hidden by its place; here it is among others
      if (form.length > 3) expect(text).not.toContain(form)
})

test('a missing secret is named, with the place that needs it', async () => {
  const cwd = await withSecret('http://127.0.0.1:9')
  const { code, stderr } = await cloudbench(['api'], { cwd })
  expect(stderr).toMatch(/API_PASSWORD/)
  expect(stderr).toMatch(/targets\.api\.url/)
  expect(code).toBe(2)
})

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent
      } catch {
        return false
      }
    })
}
