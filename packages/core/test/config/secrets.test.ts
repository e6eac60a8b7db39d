import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import { loadTree, project, refusal, shown } from './project.ts'

const tree = {
  targets: {
    db: {
      driver: 'x',
      url: 'x://user:${env:DB_PASSWORD}@${env:DB_HOST:-127.0.0.1}:5432',
      options: { key: '${file:secrets/key.pem}', nested: [{ token: '${env:TOKEN}' }], id: '${uuid}' },
    },
  },
  scenarios: { s: { target: 'db', rate: '${env:RATE:-5/s}' } },
}
const files = {
  'cloudbench.config.json': JSON.stringify(tree),
  'secrets/key.pem': 'line one of a key\nline two of a key\n',
}
const env = { DB_PASSWORD: 'p@ss "word"', TOKEN: 'sesame-open', RATE: '50/s' }

it('resolves references for the run, and leaves other ${…} alone', async () => {
  const plan = makePlan(await loadTree(tree, { files, env }))
  const [scenario] = plan.scenarios
  expect(scenario!.flows[0]!.target.url).toBe('x://user:p@ss "word"@127.0.0.1:5432')
  expect(scenario!.flows[0]!.options).toEqual({
    key: 'line one of a key\nline two of a key',
    nested: [{ token: 'sesame-open' }],
    id: '${uuid}',
  })
  expect(scenario!.phases[1]!.loads['main']).toMatchObject({ stages: [{ fromPerSecond: 50 }] })
})

it('prints, digests and hands to plugins what was written', async () => {
  const config = await loadTree(tree, { files, env })
  expect(shown(config, 'targets.db.url')).toContain(
    'x://user:${env:DB_PASSWORD}@${env:DB_HOST:-127.0.0.1}:5432',
  )
  const everything = JSON.stringify([
    config.entries(),
    config.printed,
    config.deciding,
    makePlan(config).config,
  ])
  for (const secret of ['p@ss', 'sesame-open', 'line one']) expect(everything).not.toContain(secret)
  const elsewhere = await loadTree(tree, { files, env: { ...env, TOKEN: 'another' } })
  expect(elsewhere.digest).toBe(config.digest)
})

it('keeps resolved values out of any text', async () => {
  const { redact } = makePlan(await loadTree(tree, { files, env }))
  const json = JSON.stringify({ url: 'x://user:p@ss "word"@h', key: 'line one of a key\nline two of a key' })
  for (const text of [
    'token sesame-open was refused',
    json,
    JSON.stringify(json),
    `password=${encodeURIComponent('p@ss "word"')}`,
    'at line two of a key',
  ]) {
    expect(redact(text)).toContain('***')
    expect(redact(text)).not.toMatch(/sesame|p(@|%40)ss|line (one|two)/)
  }
  expect(JSON.parse(redact(json))).toEqual({ url: 'x://user:***@h', key: '***' })
  // a default is in plain sight in the configuration, and a rate is not a secret
  expect(redact('127.0.0.1 at 50/s')).toBe('127.0.0.1 at 50/s')
})

it('hides passwords in URLs and under names of secrets, wherever they come from', async () => {
  const config = await loadTree(
    {
      targets: {
        a: { driver: 'x', url: 'x://u:wordpass@h', options: { password: 'hunter2', apiKey: 12_345_678 } },
      },
    },
    {
      env: {
        CLOUDBENCH_TARGETS__A__OPTIONS__AUTH_TOKEN: 'opensesame',
        CLOUDBENCH_TARGETS__A__OPTIONS__PROXY: 'http://me:proxypass@p',
      },
    },
  )
  expect(shown(config, 'targets.a.url')).toContain('x://u:***@h')
  const everything = JSON.stringify([config.entries(), config.printed, config.deciding])
  for (const secret of ['wordpass', 'hunter2', '12345678', 'opensesame', 'proxypass']) {
    expect(everything).not.toContain(secret)
    expect(config.redact(`it is ${secret}!`)).toBe('it is ***!')
  }
})

it('hides the credentials of the proxies that the environment names', async () => {
  const proxies = {
    HTTPS_PROXY: 'http://me:sesameopen@proxy.test:3128',
    http_proxy: 'me:opensesame@proxy.test',
  }
  const { redact } = await loadTree(tree, { files, env: { ...env, ...proxies } })
  const login = Buffer.from('me:opensesame').toString('base64')
  expect(redact(`sesameopen, opensesame and Basic ${login}`)).toMatch(/^\*\*\*, \*\*\* and Basic \*\*\*=*$/)
})

it('hides the credentials of a proxy without a scheme, as drivers take it', async () => {
  const options = { proxy: 'me:op/en s3same@proxy.test:3128' }
  const config = await loadTree({ targets: { a: { driver: 'x', url: 'x://h', options } } })
  expect(shown(config, 'targets.a.options.proxy')).toContain('me:***@proxy.test:3128 (')
  expect(JSON.stringify([config.printed, config.deciding])).not.toContain('s3same')
  expect(config.redact('407 for op/en s3same')).toBe('407 for ***')
})

it('hides a secret in the query of a path', async () => {
  const config = await loadTree({
    targets: { a: { driver: 'x', url: 'x://h', options: { path: '/v1?a=b@c&sig=S3c%2Fr et&${uuid}' } } },
  })
  expect(shown(config, 'targets.a.options.path')).toContain('/v1?a=b@c&sig=***&${uuid} (')
  expect(JSON.stringify([config.printed, config.deciding])).not.toContain('S3c')
  for (const form of ['S3c%2Fr et', 'S3c/r et', 'S3c%2Fr%20et'])
    expect(config.redact(`bad signature ${form}.`)).toBe('bad signature ***.')
})

it('hides what a header is made of, which a server may repeat alone', async () => {
  const headers = {
    authorization: 'Bearer tok-en9/x',
    'proxy-authorization': `Basic ${Buffer.from('me:S3cret:x').toString('base64')}`,
    cookie: 'sid=s3ss10n; theme=dark',
    'x-hub-signature-256': 'sha256=0123abcd',
    'x-api-key': 'k3y!',
  }
  const config = await loadTree({ targets: { a: { driver: 'x', url: 'x://h', options: { headers } } } })
  for (const part of ['tok-en9/x', 'S3cret:x', 's3ss10n', '0123abcd', 'k3y!', headers.cookie])
    expect(config.redact(`the server does not know ${part}.`)).toBe('the server does not know ***.')
  expect(config.redact('the theme is dark')).toBe('the theme is dark')
})

it('names a reference that cannot be resolved, but only when it is needed', async () => {
  const config = await loadTree(
    { ...tree, scenarios: { ...tree.scenarios, other: { target: 'http://127.0.0.1:1', driver: 'http' } } },
    { env: { TOKEN: 'x', DB_PASSWORD: 'y' }, scenarios: ['s'] },
  )
  expect(await refusal(() => makePlan(config))).toMatch(
    /^CB_SECRET: targets\.db\.options\.key needs \$\{file:secrets\/key\.pem\}, but there is no file secrets\/key\.pem \(cloudbench\.config\.json:1:\d+\)\n {2}next: create secrets\/key\.pem, or fix the path$/,
  )
  const other = await loadTree({
    scenarios: { other: { target: 'http://127.0.0.1:1', driver: 'http' } },
    ...(tree.targets && { targets: tree.targets }),
  })
  expect(makePlan(other).scenarios).toHaveLength(1)
  const unset = await loadTree(tree, { files, env: { TOKEN: 'x', DB_PASSWORD: '' } })
  expect(await refusal(() => makePlan(unset))).toContain(
    'targets.db.url needs ${env:DB_PASSWORD}, but the environment variable DB_PASSWORD is not set',
  )
  expect(await refusal(() => makePlan(unset))).toContain(
    'next: export DB_PASSWORD=…, or write ${env:DB_PASSWORD:-default}',
  )
})

it('says which file cannot be read', async () => {
  const cwd = project({ 'cloudbench.config.json': JSON.stringify(tree), 'secrets/key.pem/inside': '' })
  const config = await loadTree(tree, { cwd, env })
  expect(await refusal(() => makePlan(config))).toMatch(
    /^CB_SECRET: \$\{file:secrets\/key\.pem\} cannot be read: it is a folder/,
  )
  expect(config.folder).toBe(join(cwd))
})

it('refuses a file that is no text, instead of changing it', async () => {
  const cwd = project({ 'cloudbench.config.json': JSON.stringify(tree), 'secrets/key.pem': 'x' })
  writeFileSync(join(cwd, 'secrets/key.pem'), Buffer.from([0x61, 0xc3, 0x28, 0x00]))
  const config = await loadTree(tree, { cwd, env })
  expect(await refusal(() => makePlan(config))).toMatch(
    /^CB_SECRET: \$\{file:secrets\/key\.pem\} cannot be read: it is no text[^]*expected: text in UTF-8/,
  )
})

it('checks a unit that comes from a variable when it is known', async () => {
  const config = await loadTree(tree, { files, env: { ...env, RATE: 'fast' } })
  expect(await refusal(() => makePlan(config))).toMatch(
    /^CB_UNIT: scenarios\.s\.flows\.main\.rate \(cloudbench\.config\.json:1:\d+\): "fast" is not a rate/,
  )
})
