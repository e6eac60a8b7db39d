import { describe, expect, onTestFinished, test } from 'vitest'
import { findService, startService, stopService } from '../../src/index.ts'
import { freePort } from '../../src/machine/port.ts'
import { prometheus } from '../../src/prometheus/definition.ts'
import { withoutPrometheus } from '../support/installed.ts'
import { listenersOf } from '../support/listeners.ts'
import { listen } from '../support/server.ts'
import { leftovers, stateFolder } from '../support/state-folder.ts'
import { isGone, patienceMs } from '../support/wait.ts'

describe.skipIf(withoutPrometheus)('prometheus', () => {
  test('up, asked, found, and down without a trace', async () => {
    const stateDir = await stateFolder()
    onTestFinished(async () => void (await stopService('prometheus', { stateDir })))
    const service = await startService('prometheus', { stateDir, how: 'local', port: await freePort() })
    const targets = await (await fetch(`${service.url}/api/v1/status/config`)).text()
    expect(targets).toContain('honor_labels: true')
    expect(targets).toContain('127.0.0.1:9091')
    expect(await findService('prometheus', { stateDir, timeoutMs: patienceMs })).toBe(service.url)
    if (process.platform === 'linux') expect(await listenersOf(service.pid!)).toEqual(['loopback'])
    // anyone on this machine can reach the port: it can be asked, and nothing else
    for (const path of ['/api/v1/write', '/-/quit', '/-/reload', '/api/v1/admin/tsdb/snapshot'])
      expect((await fetch(service.url + path, { method: 'POST' })).ok, path).toBe(false)

    expect(await stopService('prometheus', { stateDir })).toEqual({ stopped: true, url: service.url })
    expect(await isGone(service.pid)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])
  })
})

test.each([
  ['503 Service Unavailable', 'Service Unavailable', 'it answers GET /-/ready with 503'],
  ['200 OK', 'OK', 'it is no Prometheus'],
])('one that answers %s and %j is not usable', async (status, body, why) => {
  const port = await listen((socket) =>
    socket.once('data', () =>
      socket.end(`HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`),
    ),
  )
  expect(await prometheus.probe(port, patienceMs)).toEqual({ usable: false, why })
})
