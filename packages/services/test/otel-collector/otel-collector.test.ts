import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findService, startService, stopService } from '../../src/index.ts'
import { receivedFile } from '../../src/otel-collector/definition.ts'
import { envWithGo, withoutCollector } from '../support/installed.ts'
import { programs } from '../support/programs.ts'
import { leftovers, stateFolder } from '../support/state-folder.ts'
import { eventually, isGone, patienceMs } from '../support/wait.ts'

/** The first build fetches modules. */
const buildMs = 300_000
const span = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  name: 'hello',
  startTimeUnixNano: '1',
  endTimeUnixNano: '2',
}

describe.skipIf(withoutCollector)('otel-collector', () => {
  test(
    'up, given a span, which it keeps in a file, found, and down without a trace',
    async () => {
      const stateDir = await stateFolder()
      onTestFinished(async () => void (await stopService('otel-collector', { stateDir })))
      const service = await startService('otel-collector', { stateDir, how: 'local', env: envWithGo })
      expect(service).toMatchObject({ name: 'otel-collector', how: 'local', reused: false, notes: [] })
      const { protocol, hostname } = new URL(service.url)
      expect([protocol, hostname]).toEqual(['http:', '127.0.0.1'])
      expect(await findService('otel-collector', { stateDir, timeoutMs: patienceMs })).toBe(service.url)

      const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
      const headers = { 'content-type': 'application/json' }
      const sent = await fetch(`${service.url}/v1/traces`, { method: 'POST', headers, body })
      expect(sent.status).toBe(200)
      const [folder] = await leftovers(stateDir)
      await eventually(async () =>
        (await readFile(join(stateDir, folder!, receivedFile), 'utf8')).endsWith('\n'),
      )
      const kept = JSON.parse(await readFile(join(stateDir, folder!, receivedFile), 'utf8')) as unknown
      expect(kept).toMatchObject({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'hello' }] }] }] })

      expect(await stopService('otel-collector', { stateDir })).toEqual({ stopped: true, url: service.url })
      expect(await isGone(service.pid)).toBe(true)
      expect(await leftovers(stateDir)).toEqual([])
    },
    buildMs,
  )
})

test('an installed collector is used as it is', async () => {
  const stateDir = await stateFolder()
  const env = await programs({ otelcol: '#!/bin/sh\necho "started with $*"\nexit 1\n' })
  await expect(startService('otel-collector', { stateDir, how: 'local', env })).rejects.toThrow(
    'started with --config otel-collector.json',
  )
  expect(await leftovers(stateDir)).toEqual([])
})

test('without a collector and without Go it says what to install', async () => {
  const stateDir = await stateFolder()
  await expect(startService('otel-collector', { stateDir, env: { PATH: stateDir } })).rejects.toMatchObject({
    message:
      'otel-collector could not be started: docker is not on the PATH; otelcol or otelcol-contrib or go is not on the PATH',
    next: expect.stringContaining('https://go.dev/doc/install') as string,
  })
})
