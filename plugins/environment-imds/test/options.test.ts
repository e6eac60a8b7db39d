import { brandOf } from '@cloudbench/core'
import { expect, test } from 'vitest'
import plugin from '../src/index.ts'
import { options } from '../src/options.ts'

test('it is an environment named imds', () => {
  expect(plugin.name).toBe('imds')
  expect(brandOf(plugin)?.kind).toBe('environment')
})

test('the defaults', () => {
  expect(options.parse({})).toEqual({ budgetMs: 500, awsV1: false, endpoint: {}, root: '/' })
})

test.each([
  { clouds: [] },
  { clouds: ['oracle'] },
  { budgetMs: 0 },
  { budgetMs: 60_000 },
  { awsV1: 'yes' },
  { connections: 0 },
  { heapMb: 1.5 },
  { endpoint: { oracle: 'http://127.0.0.1' } },
])('%o is refused', (input) => {
  expect(options.safeParse(input).success).toBe(false)
})

test.each([
  'http://127.0.0.1:8080',
  'http://127.9.9.9',
  'http://169.254.169.254',
  'http://169.254.0.23/',
  'http://100.100.100.200',
  'http://[::1]:8080',
  'http://[fe80::1]',
  'http://[fd00:ec2::254]',
  'http://[fd20:ce::254]',
  'http://[::ffff:127.0.0.1]',
  'http://0x7f.1',
])('%s is an endpoint that may be asked', (url) => {
  expect(options.parse({ endpoint: { aws: url } }).endpoint).toEqual({ aws: url })
})

test.each([
  ['http://10.0.0.1', 'it leads further than this machine and its link'],
  ['http://100.100.100.201', 'it leads further than this machine and its link'],
  ['http://93.184.216.34', 'it leads further than this machine and its link'],
  ['http://[2001:db8::1]', 'it leads further than this machine and its link'],
  ['http://[fd00:ec2::253]', 'it leads further than this machine and its link'],
  ['http://[::ffff:10.0.0.1]', 'it leads further than this machine and its link'],
  ['http://localhost', 'its host is a name, and names can lead anywhere'],
  ['http://metadata.google.internal', 'its host is a name, and names can lead anywhere'],
  ['http://169.254.169.254.example.com', 'its host is a name, and names can lead anywhere'],
  ['https://169.254.169.254', 'it is no http:// URL'],
  ['169.254.169.254', 'it is no http:// URL'],
  ['', 'it is no http:// URL'],
  ['http://169.254.169.254/latest', 'it has more than an address and a port'],
  ['http://me:secret@169.254.169.254', 'it has more than an address and a port'],
  ['http://169.254.169.254/?x=1', 'it has more than an address and a port'],
])('%s is refused as an endpoint: %s', (url, reason) => {
  const { success, error } = options.safeParse({ endpoint: { gcp: url } })
  expect(success).toBe(false)
  expect(error?.issues[0]?.message).toBe(
    `${reason}: expected an address of this machine or its link, such as http://127.0.0.1:8080 or http://169.254.169.254`,
  )
  expect(error?.issues[0]?.path).toEqual(['endpoint', 'gcp'])
})
