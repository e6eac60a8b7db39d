import { describe, expect, onTestFinished, test } from 'vitest'
import { findService, startService, stopService } from '../../src/index.ts'
import { freePort } from '../../src/machine/port.ts'
import { withoutPushgateway } from '../support/installed.ts'
import { listenersOf } from '../support/listeners.ts'
import { leftovers, stateFolder } from '../support/state-folder.ts'
import { isGone, patienceMs } from '../support/wait.ts'

describe.skipIf(withoutPushgateway)('pushgateway', () => {
  test('up, pushed to, found, and down without a trace of what was pushed', async () => {
    const stateDir = await stateFolder()
    onTestFinished(async () => void (await stopService('pushgateway', { stateDir })))
    const service = await startService('pushgateway', { stateDir, how: 'local', port: await freePort() })
    expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const pushed = await fetch(`${service.url}/metrics/job/test`, { method: 'PUT', body: 'some_metric 1\n' })
    expect(pushed.status).toBe(200)
    expect(await (await fetch(`${service.url}/metrics`)).text()).toContain(
      'some_metric{instance="",job="test"} 1',
    )
    expect(await findService('pushgateway', { stateDir, timeoutMs: patienceMs })).toBe(service.url)
    if (process.platform === 'linux') expect(await listenersOf(service.pid!)).toEqual(['loopback'])

    expect(await stopService('pushgateway', { stateDir })).toEqual({ stopped: true, url: service.url })
    expect(await isGone(service.pid)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])

    const again = await startService('pushgateway', { stateDir, how: 'local', port: await freePort() })
    expect(await (await fetch(`${again.url}/metrics`)).text()).not.toContain('some_metric')
    await again.stop()
  })
})

test('where it is missing, it says what to install', async () => {
  const stateDir = await stateFolder()
  await expect(
    startService('pushgateway', { stateDir, how: 'local', env: { PATH: stateDir } }),
  ).rejects.toMatchObject({ next: expect.stringContaining('prometheus-pushgateway') as string })
})
