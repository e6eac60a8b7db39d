import { aliyunService, awsService } from '@cloudbench/fixtures/metadata-services'
import { expect, test } from 'vitest'
import { discovered, serve } from './fixture.ts'

test('a service of AWS that is turned off says what to look at', async () => {
  const { url } = await serve(awsService({ tokens: 'off' }))
  const { facts, warnings } = await discovered({ endpoint: { aws: url } })
  const why = `the service of aws at ${url} is turned off (http-endpoint of the instance)`
  expect(facts).toEqual({ 'imds.unknown': why })
  expect(warnings).toEqual([`${why}; nothing is derived from it`])
})

test('a service of Alibaba Cloud that is turned off says what to look at', async () => {
  const { url } = await serve(aliyunService({ isOff: true }))
  const { facts } = await discovered({ endpoint: { aliyun: url } })
  expect(facts['imds.unknown']).toContain('is turned off (HttpEndpoint of the instance)')
})

test('version 1 of AWS is asked only where that is allowed', async () => {
  const service = await serve(awsService({ tokens: 'none' }))
  const { facts } = await discovered({ endpoint: { aws: service.url } })
  expect(facts['imds.unknown']).toContain('answers with status 405 when asked for a token')
  expect(service.asked).toEqual(['PUT /latest/api/token'])
  expect((await discovered({ endpoint: { aws: service.url }, awsV1: true })).facts['host.type']).toBe(
    'c7i.4xlarge',
  )
})

test('where version 2 answers, it is used, whether version 1 is allowed or not', async () => {
  const { url } = await serve(awsService({ tokens: 'required' }))
  const { facts } = await discovered({ endpoint: { aws: url }, awsV1: true })
  expect(facts['host.type']).toBe('c7i.4xlarge')
})

test('version 1 helps where the answer with the token is dropped on its way', async () => {
  const aws = awsService({ tokens: 'optional' })
  const { url } = await serve((request, response) => {
    if (request.method === 'GET') aws(request, response)
  })
  const { facts } = await discovered({ endpoint: { aws: url }, awsV1: true, budgetMs: 1_000 })
  expect(facts['host.type']).toBe('c7i.4xlarge')
})

test('Azure that is asked too often says so', async () => {
  const { url } = await serve((_, response) => void response.writeHead(429).end())
  const { facts } = await discovered({ endpoint: { azure: url } })
  expect(facts['imds.unknown']).toContain('has been asked too often')
})
