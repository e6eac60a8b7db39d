import * as services from '@cloudbench/fixtures/metadata-services'
import { expect, test } from 'vitest'
import { discovered, serve } from './fixture.ts'

test('AWS: a spot instance with two interfaces', async () => {
  const { url } = await serve(services.awsService())
  const { facts, warnings } = await discovered({ endpoint: { aws: url } })
  expect(facts).toEqual({
    'cloud.provider': 'aws',
    'cloud.region': 'eu-central-1',
    'cloud.zone': 'eu-central-1b',
    'host.id': 'i-0123456789abcdef0',
    'host.type': 'c7i.4xlarge',
    'host.imageId': 'ami-0123456789abcdef0',
    'host.lifecycle': 'spot',
    'host.vCpuCount': 16,
    'host.memoryBytes': 32 * 1024 ** 3,
    'host.isBurstable': false,
    'network.interfaceCount': 2,
    'network.interfaceIds': 'eni-0123456789abcdef0 eni-0123456789abcdef1',
  })
  expect(warnings).toEqual([])
})

test('Azure: a spot machine in a zone', async () => {
  const { url } = await serve(services.azureService())
  expect((await discovered({ endpoint: { azure: url } })).facts).toEqual({
    'cloud.provider': 'azure',
    'cloud.region': 'westeurope',
    'cloud.zone': 'westeurope-2',
    'host.id': '02aab8a4-74ef-476e-8182-f6d2ba4166a6',
    'host.type': 'Standard_D4s_v5',
    'host.imageId': 'Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:22.04.202611010',
    'host.lifecycle': 'spot',
    'host.vCpuCount': 4,
    'host.memoryBytes': 16 * 1024 ** 3,
    'host.isBurstable': false,
    'network.interfaceCount': 1,
  })
})

test('Google Cloud: a machine that stays', async () => {
  const { url } = await serve(services.gcpService())
  expect((await discovered({ endpoint: { gcp: url } })).facts).toEqual({
    'cloud.provider': 'gcp',
    'cloud.region': 'europe-west3',
    'cloud.zone': 'europe-west3-c',
    'host.id': '4711123456789012345',
    'host.type': 'n2-standard-8',
    'host.imageId': 'projects/debian-cloud/global/images/debian-12-bookworm-v20261101',
    'host.lifecycle': 'on-demand',
    'host.vCpuCount': 8,
    'host.memoryBytes': 32 * 1024 ** 3,
    'host.isBurstable': false,
    'network.interfaceCount': 2,
    'network.interfaceIds': 'nic0 nic1',
  })
})

test('Alibaba Cloud: with a token', async () => {
  const { url } = await serve(services.aliyunService())
  expect((await discovered({ endpoint: { aliyun: url } })).facts).toEqual({
    'cloud.provider': 'aliyun',
    'cloud.region': 'cn-hangzhou',
    'cloud.zone': 'cn-hangzhou-i',
    'host.id': 'i-bp13znx0m0me8cquu7a4',
    'host.type': 'ecs.g8i.2xlarge',
    'host.imageId': 'aliyun_3_x64_20G_alibase_20210425.vhd',
    'host.vCpuCount': 8,
    'host.memoryBytes': 32 * 1024 ** 3,
    'host.isBurstable': false,
    'network.interfaceCount': 1,
    'network.interfaceIds': 'eni-bp1b2c0jvnj0g17bq3w9',
  })
})

test('Tencent Cloud: paid by the hour', async () => {
  const { url } = await serve(services.tencentService())
  expect((await discovered({ endpoint: { tencent: url } })).facts).toEqual({
    'cloud.provider': 'tencent',
    'cloud.region': 'ap-guangzhou',
    'cloud.zone': 'ap-guangzhou-3',
    'host.id': 'ins-3g445roi',
    'host.type': 'S6.2XLARGE16',
    'host.imageId': 'img-9qrfy1xt',
    'host.lifecycle': 'on-demand',
    'host.vCpuCount': 8,
    'host.memoryBytes': 16 * 1024 ** 3,
    'host.isBurstable': false,
    'network.interfaceCount': 1,
  })
})

test.each([
  {
    cloud: 'aliyun',
    region: 'cn-north-2-gov-1',
    service: services.aliyunService({
      machine: { 'region-id': 'cn-north-2-gov-1', 'zone-id': 'cn-north-2-gov-1a' },
    }),
  },
  {
    cloud: 'tencent',
    region: 'ap-shanghai-fsi',
    service: services.tencentService({
      'placement/region': 'ap-shanghai-fsi',
      'placement/zone': 'ap-shanghai-fsi-1',
    }),
  },
  {
    cloud: 'aws',
    region: 'us-gov-west-1',
    service: services.awsService({
      machine: { region: 'us-gov-west-1', availabilityZone: 'us-gov-west-1a' },
    }),
  },
  {
    cloud: 'gcp',
    region: 'us-central1',
    service: services.gcpService({ zone: 'projects/1/zones/us-central1-ai1a' }),
  },
])('a region of $cloud with a name of its own: $region', async ({ cloud, region, service }) => {
  const { url } = await serve(service)
  expect((await discovered({ endpoint: { [cloud]: url } })).facts['cloud.region']).toBe(region)
})

test('a burstable type is one', async () => {
  const { url } = await serve(
    services.awsService({ machine: { instanceType: 't3.medium' }, lifecycle: 'on-demand' }),
  )
  expect((await discovered({ endpoint: { aws: url } })).facts).toMatchObject({
    'host.isBurstable': true,
    'host.lifecycle': 'on-demand',
    'host.vCpuCount': 2,
  })
})

test('a type that the catalogue does not have: no vCPU, no memory, and it says so', async () => {
  const { url } = await serve(services.awsService({ machine: { instanceType: 'c99x.large' } }))
  const { facts } = await discovered({ endpoint: { aws: url } })
  expect(facts).toMatchObject({
    'host.type': 'c99x.large',
    'imds.unknown': 'c99x.large is not in the catalogue of instance types',
  })
  expect(facts).not.toHaveProperty(['host.vCpuCount'])
  expect(facts).not.toHaveProperty(['host.memoryBytes'])
})

test('a metadata server that does not know the machine type, as in Kubernetes: the rest is known', async () => {
  const { url } = await serve(services.gcpService({ 'machine-type': undefined }))
  const { facts } = await discovered({ endpoint: { gcp: url } })
  expect(facts).toMatchObject({ 'cloud.zone': 'europe-west3-c' })
  expect(facts).not.toHaveProperty(['host.type'])
})

test.each([
  {
    cloud: 'tencent',
    service: services.tencentService({ 'payment/charge-type': 'SPOTPAID' }),
    lifecycle: 'spot',
  },
  { cloud: 'gcp', service: services.gcpService({ 'scheduling/preemptible': 'TRUE' }), lifecycle: 'spot' },
  { cloud: 'azure', service: services.azureService({ priority: 'Low' }), lifecycle: 'spot' },
  { cloud: 'azure', service: services.azureService({ priority: 'Regular' }), lifecycle: 'on-demand' },
  { cloud: 'azure', service: services.azureService({ priority: '' }), lifecycle: 'on-demand' },
  { cloud: 'azure', service: services.azureService({ priority: 'Other' }), lifecycle: undefined },
  { cloud: 'aws', service: services.awsService({ lifecycle: 'something-new' }), lifecycle: undefined },
  { cloud: 'aws', service: services.awsService({ lifecycle: 'capacity-block' }), lifecycle: 'on-demand' },
])('the life cycle that $cloud tells is $lifecycle', async ({ cloud, service, lifecycle }) => {
  const { url } = await serve(service)
  const { facts } = await discovered({ endpoint: { [cloud]: url } })
  expect(facts['cloud.provider']).toBe(cloud)
  expect(facts['host.lifecycle']).toBe(lifecycle)
})
