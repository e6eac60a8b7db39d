import { readdir } from 'node:fs/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { grpcGateway } from '../../src/grpc-gateway/definition.ts'
import { findService, startService, stopService } from '../../src/index.ts'
import { envWithGo, withoutGo } from '../support/installed.ts'
import { programs } from '../support/programs.ts'
import { leftovers, stateFolder } from '../support/state-folder.ts'
import { isGone, patienceMs } from '../support/wait.ts'

/** The first build fetches modules. */
const buildMs = 300_000

describe.skipIf(withoutGo)('grpc-gateway', () => {
  test(
    'up, used both ways, found, and down without a trace',
    async () => {
      const stateDir = await stateFolder()
      onTestFinished(async () => void (await stopService('grpc-gateway', { stateDir })))
      const service = await startService('grpc-gateway', { stateDir, how: 'local', env: envWithGo })
      expect(service).toMatchObject({ name: 'grpc-gateway', how: 'local', reused: false, notes: [] })
      const { port, protocol, hostname } = new URL(service.url)
      expect([protocol, hostname]).toEqual(['grpc:', '127.0.0.1'])

      const response = await fetch(`http://127.0.0.1:${port}/v1/shelves/1/books/2`)
      expect(await response.json()).toMatchObject({ name: 'shelves/1/books/2', pages: '9007199254740993' })
      expect(await grpcGateway.probe(Number(port), patienceMs)).toEqual({ usable: true })
      expect(await findService('grpc-gateway', { stateDir, timeoutMs: patienceMs })).toBe(service.url)

      expect(await stopService('grpc-gateway', { stateDir })).toEqual({ stopped: true, url: service.url })
      expect(await isGone(service.pid)).toBe(true)
      expect(await leftovers(stateDir)).toEqual([])
    },
    buildMs,
  )

  test(
    'attached, it goes when it is stopped',
    async () => {
      const stateDir = await stateFolder()
      const service = await startService('grpc-gateway', {
        stateDir,
        how: 'local',
        env: envWithGo,
        attached: true,
      })
      await service.stop()
      expect(await isGone(service.pid)).toBe(true)
      expect(await readdir(stateDir)).toEqual([])
    },
    buildMs,
  )
})

test('a build that fails says why, and leaves nothing', async () => {
  const stateDir = await stateFolder()
  const env = await programs({ go: '#!/bin/sh\necho "main.go:1:1: no luck today" >&2\nexit 1\n' })
  await expect(startService('grpc-gateway', { stateDir, how: 'local', env })).rejects.toThrow(
    'grpc-gateway could not be started: go build: main.go:1:1: no luck today',
  )
  expect(await leftovers(stateDir)).toEqual([])
})

test('without Go it says what to install', async () => {
  const stateDir = await stateFolder()
  await expect(startService('grpc-gateway', { stateDir, env: { PATH: stateDir } })).rejects.toMatchObject({
    message: 'grpc-gateway could not be started: docker is not on the PATH; go is not on the PATH',
    next: expect.stringContaining('https://go.dev/doc/install') as string,
  })
})
