import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { awsService } from '@cloudbench/fixtures/metadata-services'
import { expect, test } from 'vitest'
import { clouds } from '../src/clouds/index.ts'
import { placesOf } from '../src/discover.ts'
import { readDmi } from '../src/dmi.ts'
import { contextOf, discovered, serve } from './fixture.ts'

/** A machine with this firmware. */
async function machine(files: Record<string, string>): Promise<string> {
  const { root } = await machineTree(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`sys/class/dmi/id/${name}`, text])),
  )
  return root
}
const asked = async (root: string, input: object = {}): Promise<string[]> =>
  placesOf(contextOf(input as Record<string, unknown>).options, await readDmi(root)).map(
    ({ cloud }) => cloud.name,
  )
const all = clouds.map(({ name }) => name)

test.each([
  { vendor: 'Amazon EC2', name: 'aws' },
  { vendor: 'Microsoft Corporation', name: 'azure' },
  { vendor: 'Google', name: 'gcp' },
  { vendor: 'Alibaba Cloud', name: 'aliyun' },
  { vendor: 'Tencent Cloud', name: 'tencent' },
])('firmware of $vendor: only $name is asked', async ({ vendor, name }) => {
  expect(await asked(await machine({ sys_vendor: `${vendor}\n` }))).toEqual([name])
})

test('firmware of anything else, none, or a strange one: all are asked', async () => {
  expect(await asked(await machine({ sys_vendor: 'Dell Inc.\n' }))).toEqual(all)
  expect(await asked('/nonexistent')).toEqual(all)
  expect(await asked(await machine({ sys_vendor: '\u0000\u0001'.repeat(10_000) }))).toEqual(all)
})

test('what was asked for goes before firmware', async () => {
  const root = await machine({ sys_vendor: 'Google\n' })
  expect(await asked(root, { clouds: ['aws', 'azure'] })).toEqual(['aws', 'azure'])
  expect(await asked(root, { endpoint: { tencent: 'http://127.0.0.1:1' } })).toEqual(['tencent'])
  expect(await asked(root, { clouds: ['aws'], endpoint: { tencent: 'http://127.0.0.1:1' } })).toEqual(['aws'])
})

test('firmware alone makes no cloud', async () => {
  const root = await machine({ sys_vendor: 'Amazon EC2\n', product_name: 'c7i.4xlarge\n' })
  const { facts } = await discovered({ root, endpoint: { aws: 'http://127.0.0.1:9' } })
  expect(facts).toEqual({
    'imds.unknown': 'no metadata service answers; the firmware says Amazon EC2 c7i.4xlarge',
  })
})

test('a service of AWS that speaks of another instance than the firmware is not believed', async () => {
  const { url } = await serve(awsService())
  const other = await machine({ sys_vendor: 'Amazon EC2\n', board_asset_tag: 'i-0fedcba9876543210\n' })
  const { facts, warnings } = await discovered({ root: other, endpoint: { aws: url } })
  expect(facts).toEqual({
    'imds.unknown':
      'the service of aws speaks of i-0123456789abcdef0, and the firmware says that this is i-0fedcba9876543210',
  })
  expect(warnings).toHaveLength(1)
  const same = await machine({ sys_vendor: 'Amazon EC2\n', board_asset_tag: 'i-0123456789abcdef0\n' })
  expect((await discovered({ root: same, endpoint: { aws: url } })).facts['host.id']).toBe(
    'i-0123456789abcdef0',
  )
})
