import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'
import { withoutRedis } from './support/installed.ts'

const short = ['--duration', '500ms', '--warmup', '0s', '--reporter', 'json']

test('a target without url is the loopback of its driver where there is no service, and a run says so', async () => {
  const { code, stderr } = await cloudbench(['http-json-api', ...short], { cwd: await folder() })
  expect(stderr).toMatch(/target http: http:\/\/127\.0\.0\.1:\d+, the driver's own loopback server/)
  expect(code).toBe(0)
})

test.skipIf(withoutRedis)(
  'a service that is not there is started for the run and is gone after it',
  async () => {
    const cwd = await folder()
    const { code, stderr } = await cloudbench(['redis-read-heavy', ...short], { cwd, env: { TMPDIR: cwd } })
    expect(stderr).toMatch(/target redis: redis:\/\/:\*\*\*@127\.0\.0\.1:\d+, started for this run/)
    expect(code, stderr).toBe(0)
  },
)

test('without a program for the service the loopback is used, and a run says why', async () => {
  const cwd = await folder()
  const env = { TMPDIR: cwd, PATH: cwd }
  const { code, stderr } = await cloudbench(['redis-read-heavy', ...short], { cwd, env })
  expect(stderr).toContain('target redis: loopback instead of a service.')
  expect(code, stderr).toBe(0)
})

test('a required service that is not available ends the run with 2', async () => {
  const cwd = await folder()
  const env = { TMPDIR: cwd, PATH: cwd, CLOUDBENCH_REQUIRE_SERVICES: 'redis' }
  const { code, stdout, stderr } = await cloudbench(['redis-read-heavy', ...short], { cwd, env })
  expect(stderr).toMatch(/redis/)
  expect(stderr).not.toContain('this is a bug')
  expect(stdout).not.toContain('"exit":0')
  expect(code).toBe(2)
})
