import { expect, test } from 'vitest'
import { builtIn, installedOnly } from '../src/defaults.ts'

test('with every driver installed, every built-in scenario is there', () => {
  const { builtIn: all, leftOut } = installedOnly(() => true)
  expect(all).toEqual(builtIn)
  expect(leftOut).toEqual([])
})

test('scenarios whose driver is missing are left out, and not forgotten', () => {
  const { builtIn: some, leftOut } = installedOnly((driver) => driver === 'http' || driver === 'redis')
  expect(Object.keys(some.scenarios!)).toEqual(['redis-read-heavy', 'http-json-api'])
  expect(leftOut).toEqual([
    { scenario: 'pg-write-heavy', package: '@cloudbench/driver-postgres' },
    { scenario: 'kafka-produce', package: '@cloudbench/driver-kafka' },
    { scenario: 'amqp-send-receive', package: '@cloudbench/driver-amqp' },
    { scenario: 'grpc-unary', package: '@cloudbench/driver-grpc' },
    { scenario: 'grpc-transcoding', package: '@cloudbench/driver-grpc' },
    { scenario: 'host-functions', package: '@cloudbench/driver-micro' },
  ])
})
