import { expect, test } from 'vitest'
import { networks, whyNot, type Networks } from './namespaces.ts'

// time to spare for a busy machine; the usual budget is tried on loopback
const patient = { budgetMs: 1_500 }

/** The first packet of a new network may be lost, and the second one follows after a second: some budgets end before. */
async function found(ask: Networks['ask'], options: object): ReturnType<Networks['ask']> {
  let answer = await ask(options)
  for (let more = 4; more > 0 && answer.facts['cloud.provider'] === undefined; more--)
    answer = await ask(options)
  return answer
}

const reason = whyNot()
const skip = reason === undefined ? '' : ` (not tried: ${reason})`

test.skipIf(reason).each([
  { cloud: 'aws', address: '169.254.169.254', type: 'c7i.4xlarge' },
  { cloud: 'azure', address: '169.254.169.254', type: 'Standard_D4s_v5' },
  { cloud: 'gcp', address: '169.254.169.254', type: 'n2-standard-8' },
  { cloud: 'aliyun', address: '100.100.100.200', type: 'ecs.g8i.2xlarge' },
  { cloud: 'tencent', address: '169.254.0.23', type: 'S6.2XLARGE16' },
])(`$cloud is found at $address, though all five are asked${skip}`, async ({ cloud, address, type }) => {
  const { serve, ask } = await networks()
  await serve(cloud, address)
  const { facts, warnings } = await found(ask, patient)
  expect(facts).toMatchObject({ 'cloud.provider': cloud, 'host.type': type })
  expect(warnings).toEqual([])
})

test.skipIf(reason)(`AWS by its address of IPv6${skip}`, async () => {
  const { serve, ask } = await networks()
  await serve('aws', 'fd00:ec2::254')
  const { facts } = await found(ask, { ...patient, endpoint: { aws: 'http://[fd00:ec2::254]' } })
  expect(facts).toMatchObject({ 'cloud.provider': 'aws' })
})

test.skipIf(reason)(`where packets vanish, the budget ends it, without a warning${skip}`, async () => {
  const { ask } = await networks()
  const { facts, warnings } = await ask({ budgetMs: 300 })
  expect(facts).toEqual({ 'imds.unknown': 'no metadata service answers' })
  expect(warnings).toEqual([])
})

test.skipIf(reason)(`AWS with a hop limit of 1, asked from a container, says so${skip}`, async () => {
  const { serve, ask } = await networks()
  await serve('aws-one-hop', '169.254.169.254')
  const { facts, warnings } = await ask({ clouds: ['aws'], ...patient })
  expect(facts).toEqual({ 'imds.unknown': expect.stringContaining('a hop limit of 1 drops the answer') })
  expect(warnings).toHaveLength(1)
})
