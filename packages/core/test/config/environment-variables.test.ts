import { expect, it } from 'vitest'
import { load, loadTree, refusal, shown } from './project.ts'

it('matches names without regard to case, dashes and camel case', async () => {
  const tree = {
    targets: { 'my-db': { driver: 'x', options: { maxRows: 1 } } },
    scenarios: { 'read.heavy': { target: 'my-db' } },
  }
  const env = {
    CLOUDBENCH_TARGETS__MY_DB__URL: 'x://127.0.0.1:1',
    CLOUDBENCH_TARGETS__MY_DB__OPTIONS__MAX_ROWS: '5',
    CLOUDBENCH_TARGETS__MY_DB__OPTIONS__POOL_SIZE: '7',
    CLOUDBENCH_TARGETS__MY_DB__OPTIONS__TLS__SERVER_NAME: 'db',
    CLOUDBENCH_Scenarios__read__heavy__FLOWS__MAIN__RATE: '10/s',
    CLOUDBENCH_SCENARIOS__READ__HEAVY__CHECKS__RESPONSE__P99: '< 5ms',
    CLOUDBENCH_DEFAULTS__WORKERS: '2',
    CLOUDBENCH_OUTPUT: 'elsewhere',
  }
  const config = await loadTree(tree, { env })
  expect(config.tree.targets!['my-db']).toEqual({
    driver: 'x',
    url: 'x://127.0.0.1:1',
    options: { maxRows: 5, poolSize: 7, tls: { serverName: 'db' } },
  })
  const { flows, checks } = config.tree.scenarios!['read.heavy']!
  expect(flows!['main']!.rate).toBe('10/s')
  expect(checks).toEqual({ 'response.p99': '< 5ms' })
  expect(shown(config, 'defaults.workers')).toBe('2 (CLOUDBENCH_DEFAULTS__WORKERS)')
  expect(shown(config, 'output')).toBe('elsewhere (CLOUDBENCH_OUTPUT)')
})

it('refuses what is not a setting', async () => {
  const attempt = (name: string) => refusal(() => load({ env: { [name]: '1' } }))
  expect(await attempt('CLOUDBENCH_TARGETS__REDSI__URL')).toBe(
    [
      'CB_CONFIG: targets.redsi is not a setting (CLOUDBENCH_TARGETS__REDSI__URL)',
      '  next: did you mean redis?',
    ].join('\n'),
  )
  expect(await attempt('CLOUDBENCH_TARGETS__REDIS__ULR')).toContain('targets.redis.ULR is not a setting')
  expect(await attempt('CLOUDBENCH_TARGETS__REDIS__ULR')).toContain('did you mean url?')
  expect(await attempt('CLOUDBENCH_DEFAULT__RATE')).toContain('did you mean defaults?')
  expect(await attempt('CLOUDBENCH_DURATION')).toContain('write defaults.duration for every scenario')
})

it('ignores variables that control the tool, and those of other programs', async () => {
  const env = {
    CLOUDBENCH_REQUIRE_SERVICES: 'redis',
    CLOUDBENCH_DEBUG: '1',

    CLOUDBENCHMARK: 'x',
    PATH: '/bin',
  }
  const config = await load({ env })
  expect(config.entries().every(({ origin }) => origin === 'built-in')).toBe(true)
})
