import { expect, test } from 'vitest'
import { ServiceError, startService, stopService } from '../../src/index.ts'
import { programs } from '../support/programs.ts'
import { leftovers, stateFolder } from '../support/state-folder.ts'

const messageOf = async (refused: Promise<unknown>) =>
  await refused.then(
    () => 'it did not fail',
    (error: unknown) => (error instanceof ServiceError ? error.format() : String(error)),
  )

test('nothing to start it with: the error says what to install', async () => {
  const stateDir = await stateFolder()
  const env = { PATH: stateDir }
  expect(await messageOf(startService('redis', { stateDir, env }))).toMatchInlineSnapshot(`
    "CB_SERVICE: redis could not be started: docker is not on the PATH; redis-server or valkey-server is not on the PATH
      expected: Docker with Compose, or a redis-server or valkey-server that starts
      next: apt-get install -y redis-server (Debian, Ubuntu) or brew install redis (macOS), or start Docker; then cloudbench up redis"
  `)
  expect(await leftovers(stateDir)).toEqual([])
})

test('a server that ends at once: the error shows its log, and nothing is left', async () => {
  const env = await programs({ 'redis-server': '#!/bin/sh\necho "Fatal: no luck today"\nexit 3\n' })
  for (const attached of [false, true]) {
    const stateDir = await stateFolder()
    expect(await messageOf(startService('redis', { stateDir, env, how: 'local', attached }))).toMatch(
      /^CB_SERVICE: redis could not be started: redis-server ended with exit code 3; its log ends with\n {4}Fatal: no luck today\n/,
    )
    expect(await leftovers(stateDir)).toEqual([])
  }
})

test('a file that cannot be executed: the error says so', async () => {
  const env = await programs({ 'redis-server': '#!/nonexistent/interpreter\n' })
  for (const attached of [false, true])
    expect(
      await messageOf(startService('redis', { stateDir: await stateFolder(), env, how: 'local', attached })),
    ).toContain('ENOENT')
})

test('a service that is not in the table: the error lists those that are', async () => {
  for (const refused of [startService('radish'), stopService('radish')])
    expect(await messageOf(refused)).toMatchInlineSnapshot(`
      "CB_SERVICE: there is no service "radish"
        expected: one of redis, postgres, kafka, rabbitmq, grpc-gateway, pushgateway, prometheus, otel-collector
        next: cloudbench up redis"
    `)
})
