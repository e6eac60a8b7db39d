import { expect, test } from 'vitest'
import { defaultsOf } from '../src/defaults.ts'
import { officialPlugins } from '../src/registry/registry.ts'
import { defaultScenarios } from './support/default-scenarios.ts'

const registry = officialPlugins()

test('with every driver installed, every default scenario is there, on the target of its driver', () => {
  const { builtIn, leftOut } = defaultsOf(registry, () => true)
  expect(Object.keys(builtIn.scenarios!)).toEqual(defaultScenarios)
  expect(leftOut).toEqual([])
  expect(builtIn.scenarios!['redis-read-heavy']).toEqual({
    description: '90 % GET and 10 % SET over preloaded keys',
    target: 'redis',
    workload: 'read-heavy',
    connections: 10,
    checks: { 'errors.rate': '<= 0.1%' },
  })
  expect(builtIn.scenarios!['grpc-transcoding']!.flows).toEqual({
    native: { target: 'grpc', workload: 'unary', rate: '200/s', connections: 2 },
    json: { target: 'grpc', workload: 'json', rate: '200/s', connections: 10 },
  })
  expect(builtIn.targets).toEqual({
    http: { driver: 'http' },
    redis: { driver: 'redis' },
    amqp: { driver: 'amqp' },
    grpc: { driver: 'grpc' },
    kafka: { driver: 'kafka' },
    host: { driver: 'micro', url: 'micro:' },
    postgres: { driver: 'postgres' },
    lanes: { driver: 'redis' },
  })
})

test('scenarios whose driver is missing are left out, but listed', () => {
  const { builtIn, leftOut } = defaultsOf(registry, (driver) => driver === 'http' || driver === 'redis')
  expect(Object.keys(builtIn.scenarios!)).toEqual(['http-json-api', 'redis-read-heavy', 'lanes'])
  expect(leftOut).toEqual([
    { scenario: 'amqp-send-receive', package: '@cloudbench/driver-amqp' },
    { scenario: 'grpc-unary', package: '@cloudbench/driver-grpc' },
    { scenario: 'grpc-transcoding', package: '@cloudbench/driver-grpc' },
    { scenario: 'kafka-produce', package: '@cloudbench/driver-kafka' },
    { scenario: 'host-functions', package: '@cloudbench/driver-micro' },
    { scenario: 'pg-write-heavy', package: '@cloudbench/driver-postgres' },
  ])
})
