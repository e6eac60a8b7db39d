import { services } from '@cloudbench/fixtures/metadata-services'
import { expect, test } from 'vitest'
import { discovered, serve } from './fixture.ts'

/** Every question that may ever be asked. Credentials, tokens of identities and user data lie elsewhere. */
const allowed: Readonly<Record<keyof typeof services, readonly string[]>> = {
  aws: [
    'PUT /latest/api/token',
    'GET /latest/dynamic/instance-identity/document',
    'GET /latest/meta-data/instance-life-cycle',
    'GET /latest/meta-data/network/interfaces/macs/',
    'GET /latest/meta-data/network/interfaces/macs/02:29:96:8f:6a:2d/interface-id',
    'GET /latest/meta-data/network/interfaces/macs/02:29:96:8f:6a:2e/interface-id',
  ],
  azure: ['GET /metadata/instance?api-version=2020-12-01'],
  gcp: [
    'GET /computeMetadata/v1/instance/id',
    'GET /computeMetadata/v1/instance/zone',
    'GET /computeMetadata/v1/instance/machine-type',
    'GET /computeMetadata/v1/instance/scheduling/preemptible',
    'GET /computeMetadata/v1/instance/network-interfaces/',
    'GET /computeMetadata/v1/instance/image',
  ],
  aliyun: [
    'PUT /latest/api/token',
    'GET /latest/dynamic/instance-identity/document',
    'GET /latest/meta-data/network/interfaces/macs/',
    'GET /latest/meta-data/network/interfaces/macs/00:16:3e:0f:ab:cd/network-interface-id',
  ],
  tencent: [
    'GET /latest/meta-data/instance-id',
    'GET /latest/meta-data/placement/region',
    'GET /latest/meta-data/placement/zone',
    'GET /latest/meta-data/instance/instance-type',
    'GET /latest/meta-data/payment/charge-type',
    'GET /latest/meta-data/instance/image-id',
    'GET /latest/meta-data/network/interfaces/macs/',
  ],
}
const names = Object.keys(services) as (keyof typeof services)[]

test.each(names)('%s is asked for this, and for nothing else', async (name) => {
  const service = await serve(services[name]())
  const { facts } = await discovered({ endpoint: { [name]: service.url } })
  expect(facts['cloud.provider']).toBe(name)
  expect(service.asked.toSorted()).toEqual(allowed[name].toSorted())
})

test('a cloud that it is not is asked no more than who it is', async () => {
  for (const machine of names)
    for (const name of names.filter((other) => other !== machine)) {
      const service = await serve(services[machine]())
      await discovered({ endpoint: { [name]: service.url } })
      expect(allowed[name]).toEqual(expect.arrayContaining([...service.asked]))
    }
})

test('none of the allowed paths leads to a credential', () => {
  const secret =
    /credential|user-?data|custom-?data|service-account|\biam\b|\bram\b|\bcam\b|oauth|recursive|pkcs7|signature|metadata\/identity|public-keys/i
  for (const path of Object.values(allowed).flat()) expect(path).not.toMatch(secret)
})

test('the version that Azure is asked for has no user data', async () => {
  let said = ''
  const service = await serve((request, response) => {
    const end = response.end.bind(response)
    response.end = ((body: string) => {
      said = body
      return end(body)
    }) as typeof response.end
    services.azure()(request, response)
  })
  await discovered({ endpoint: { azure: service.url } })
  expect(said).toContain('vmSize')
  expect(said).not.toContain('userData')
})
