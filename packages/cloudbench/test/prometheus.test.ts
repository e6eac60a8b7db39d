import { startService } from '@cloudbench/services'
import { expect, onTestFinished, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'
import { withoutPushgateway, withoutRedis } from './support/installed.ts'

const count = /^cloudbench_request_duration_seconds_count\{.*\} (\S+)$/gm

test.skipIf(withoutPushgateway)(
  'redis-read-heavy with --exporter=prometheus: the Pushgateway has every request of the result, to the request',
  async () => {
    const cwd = await folder()
    const gateway = await startService('pushgateway', { stateDir: cwd, how: 'local', attached: true })
    onTestFinished(() => gateway.stop())
    const args = ['run', 'redis-read-heavy', '--duration', '1s', '--warmup', '500ms', '--reporter', 'json']
    if (withoutRedis) args.push('--set', 'targets.redis.url=loopback')
    const exporter = `--exporter=[prometheus, {pushgateway: '${gateway.url}'}]`
    const { code, stdout, stderr } = await cloudbench([...args, exporter], { cwd })
    expect(code, stderr).toBe(0)
    const text = await (await fetch(`${gateway.url}/metrics`)).text()
    const counts = Array.from(text.matchAll(count), ([, written]) => Number(written))
    const { requests } = JSON.parse(stdout) as { requests: number }
    expect(requests).toBeGreaterThan(0)
    expect(counts.reduce((all, one) => all + one, 0)).toBe(requests)
  },
)

test('without a Pushgateway the run does not begin, and says what to do', async () => {
  const cwd = await folder()
  const { code, stdout, stderr } = await cloudbench(
    [
      'run',
      'redis-read-heavy',
      '--set',
      'targets.redis.url=loopback',
      '--exporter=[prometheus, {pushgateway: http://127.0.0.1:2}]',
    ],
    { cwd },
  )
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(
    'CB_CONNECT: [prometheus] run:start: the Pushgateway at http://127.0.0.1:2 cannot be reached: ECONNREFUSED\n' +
      '  expected: a Pushgateway that takes what a run measures\n' +
      '  next: cloudbench up pushgateway',
  )
})
