import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { awsService, gcpService } from '@cloudbench/fixtures/metadata-services'
import { expect, test } from 'vitest'
import { serve } from './fixture.ts'

const program = `
import { discover } from ${JSON.stringify(new URL('../src/discover.ts', import.meta.url).href)}
import { options } from ${JSON.stringify(new URL('../src/options.ts', import.meta.url).href)}
const parsed = { ...options.parse(JSON.parse(process.argv[1])), budgetMs: 30_000 }
const log = { debug() {}, info() {}, warn() {} }
const facts = await discover({ options: parsed, log, signal: new AbortController().signal, facts: {} })
console.log(JSON.stringify(facts))
`

test('proxies in the environment are not used, even where node is told to use them', async () => {
  const [aws, gcp, proxy] = [
    await serve(awsService()),
    await serve(gcpService()),
    await serve((_, response) => void response.end('proxied')),
  ]
  const proxied = Object.fromEntries(
    ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].map((name) => [
      name,
      proxy.url,
    ]),
  )
  for (const [name, { url }] of Object.entries({ aws, gcp })) {
    const options = JSON.stringify({ endpoint: { [name]: url }, root: '/nonexistent' })
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@cloudbench/source', '--input-type=module', '--eval', program, options],
      { env: { PATH: process.env['PATH'], NODE_USE_ENV_PROXY: '1', NO_PROXY: '', no_proxy: '', ...proxied } },
    )
    expect(JSON.parse(stdout)).toMatchObject({ 'cloud.provider': name })
  }
  expect(proxy.asked).toEqual([])
})

test.skipIf(!process.allowedNodeEnvironmentFlags.has('--use-env-proxy'))(
  'the same variables do send other requests of node to the proxy',
  async () => {
    const [target, proxy] = [
      await serve((_, response) => void response.end('asked')),
      await serve((_, response) => void response.end('proxied')),
    ]
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--eval', `http.get(${JSON.stringify(target.url)}, (answer) => answer.pipe(process.stdout))`],
      { env: { PATH: process.env['PATH'], NODE_USE_ENV_PROXY: '1', NO_PROXY: '', HTTP_PROXY: proxy.url } },
    )
    expect(stdout).toBe('proxied')
    expect(target.asked).toEqual([])
  },
)
