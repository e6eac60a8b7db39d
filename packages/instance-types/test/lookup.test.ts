import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instanceTypeOf, instanceTypes, isBurstable } from '../src/index.ts'

const gibibyte = 1024 ** 3

test('a type has its vCPUs and its memory', () => {
  expect(instanceTypeOf('aws', 'c7i.4xlarge')).toMatchObject({ vCpus: 16, memoryBytes: 32 * gibibyte })
  expect(instanceTypeOf('aws', 'm7i.metal-24xl')).toMatchObject({ vCpus: 96, memoryBytes: 384 * gibibyte })
  expect(instanceTypeOf('aws', 'i3.large')).toMatchObject({ vCpus: 2, memoryBytes: 15.25 * gibibyte })
  expect(instanceTypeOf('azure', 'Standard_E96s_v5')).toMatchObject({
    vCpus: 96,
    memoryBytes: 672 * gibibyte,
  })
  expect(instanceTypeOf('gcp', 'c3-highcpu-22')).toMatchObject({ vCpus: 22, memoryBytes: 44 * gibibyte })
  expect(instanceTypeOf('aliyun', 'ecs.g8i.48xlarge')).toMatchObject({
    vCpus: 192,
    memoryBytes: 1024 * gibibyte,
  })
  expect(instanceTypeOf('tencent', 'S6.2XLARGE16')).toMatchObject({ vCpus: 8, memoryBytes: 16 * gibibyte })
})

test('names are compared without regard to case', () => {
  expect(instanceTypeOf('azure', 'standard_b2TS_V2')?.name).toBe('Standard_B2ts_v2')
  expect(instanceTypeOf('aws', 'T3.MICRO')?.name).toBe('t3.micro')
})

test('a burstable type has its baseline, and credits where they are counted', () => {
  expect(instanceTypeOf('aws', 't3.large')?.burst).toEqual({ baselineShare: 0.3, creditsPerHour: 36 })
  expect(instanceTypeOf('azure', 'Standard_B4ms')?.burst).toEqual({
    baselineShare: 0.225,
    creditsPerHour: 54,
  })
  expect(instanceTypeOf('gcp', 'e2-micro')?.burst).toEqual({ baselineShare: 0.125 })
  expect(instanceTypeOf('aliyun', 'ecs.t6-c1m4.large')?.burst).toEqual({
    baselineShare: 0.3,
    creditsPerHour: 36,
  })
})

test('whether a type is burstable is known of those that are in the catalogue', () => {
  expect(isBurstable('aws', 't4g.small')).toBe(true)
  expect(isBurstable('aws', 'c7i.4xlarge')).toBe(false)
  expect(isBurstable('aws', 'c99.large')).toBeUndefined()
})

test('a name belongs to one provider', () => {
  expect(instanceTypeOf('gcp', 'c7i.4xlarge')).toBeUndefined()
  expect(instanceTypeOf('aws', 'n2-standard-4')).toBeUndefined()
})

test('a custom type of Google Cloud says what it has', () => {
  expect(instanceTypeOf('gcp', 'n2-custom-6-20480')).toMatchObject({ vCpus: 6, memoryBytes: 20 * gibibyte })
  expect(instanceTypeOf('gcp', 'custom-1-3840')).toMatchObject({ vCpus: 1, memoryBytes: 3.75 * gibibyte })
  expect(instanceTypeOf('gcp', 'n2d-custom-4-32768-ext')).toMatchObject({ vCpus: 4 })
})

test('a custom type with a shared core has two vCPUs, of which a share is its own', () => {
  expect(instanceTypeOf('gcp', 'e2-custom-micro-1024')).toMatchObject({
    vCpus: 2,
    memoryBytes: gibibyte,
    burst: { baselineShare: 0.125 },
  })
  expect(isBurstable('gcp', 'e2-custom-medium-8192')).toBe(true)
  expect(isBurstable('gcp', 'e2-custom-4-8192')).toBe(false)
})

test('disks of its own change neither vCPUs nor memory', () => {
  expect(instanceTypeOf('gcp', 'c3-standard-8-lssd')).toMatchObject({
    name: 'c3-standard-8-lssd',
    vCpus: 8,
    memoryBytes: 32 * gibibyte,
  })
  expect(instanceTypeOf('gcp', 'n2-standard-8-lssd')).toBeUndefined()
})

test('a size of Azure with constrained vCPUs keeps the memory of the whole one', () => {
  expect(instanceTypeOf('azure', 'standard_e8-2S_v5')).toMatchObject({
    name: 'Standard_E8-2s_v5',
    vCpus: 2,
    memoryBytes: 64 * gibibyte,
  })
  for (const name of ['Standard_E8-8s_v5', 'Standard_E8-0s_v5', 'Standard_E9-2s_v5', 'Standard_E8-2'])
    expect(instanceTypeOf('azure', name)).toBeUndefined()
})

test.each([
  ['aws', 'c6in.32xlarge', 128, 256],
  ['aws', 'c5n.18xlarge', 72, 192],
  ['aws', 'm7a.medium', 1, 4],
  ['aws', 'r8g.metal-24xl', 96, 768],
  ['aws', 'm7i-flex.large', 2, 8],
  ['azure', 'Standard_DS3_v2', 4, 14],
  ['azure', 'Standard_D14_v2', 16, 112],
  ['azure', 'Standard_A2m_v2', 2, 16],
  ['azure', 'Standard_D8ps_v5', 8, 32],
  ['azure', 'Standard_D96as_v6', 96, 384],
  ['azure', 'Standard_B4pls_v2', 4, 8],
  ['gcp', 'c3-highcpu-192-metal', 192, 512],
  ['gcp', 'c3d-highcpu-30', 30, 59],
  ['gcp', 'c4-standard-4', 4, 15],
  ['gcp', 'c4a-standard-72', 72, 288],
  ['gcp', 't2a-standard-48', 48, 192],
  ['gcp', 'n4-custom-4-8192', 4, 8],
  ['aliyun', 'ecs.g6.13xlarge', 52, 192],
] as const)('%s %s has %i vCPUs and %i GiB', (provider, name, vCpus, gib) => {
  expect(instanceTypeOf(provider, name)).toMatchObject({ vCpus, memoryBytes: gib * gibibyte })
})

test.each([
  'n2-custom-micro-1024',
  'n2-custom-0-1024',
  'n2-custom-999-1024',
  'n2-custom-4-1000',
  'n2-custom-4',
  'z9-custom-4-1024',
])('%s is no type', (name) => {
  expect(instanceTypeOf('gcp', name)).toBeUndefined()
})

test('no name of anything else is a type, however strange', () => {
  const names = new Set(instanceTypes('aws').map(({ name }) => name.toLowerCase()))
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (name) => {
      expect(instanceTypeOf('aws', name) !== undefined).toBe(names.has(name.toLowerCase()))
    }),
  )
  for (const name of ['', 'constructor', '__proto__', 'toString', 'x'.repeat(1e6)])
    expect(instanceTypeOf('aws', name)).toBeUndefined()
})
