import { expect, test } from 'vitest'
import { type InstanceType, instanceTypes, type Provider } from '../src/index.ts'

const providers: readonly Provider[] = ['aws', 'azure', 'gcp', 'aliyun', 'tencent']
const gibibyte = 1024 ** 3
const all = providers.flatMap((provider) => instanceTypes(provider))
const within = (low: number, value: number, high: number): boolean => value >= low && value <= high
const named = (types: readonly InstanceType[]): string[] => types.map(({ name }) => name)

/** `c7i`, `Standard_D*s_v5`, `n2-standard`, `ecs.g8i`, `S6`: what has a memory for each vCPU in common, more or less. */
const familyOf = ({ provider, name }: InstanceType): string =>
  provider === 'azure'
    ? // of the second D series, sizes from 11 on have twice the memory
      name.replace(/(?<=^Standard_DS?)1\d(?=_v2$)/, '+').replace(/\d+/, '*')
    : provider === 'gcp'
      ? name.replace(/-\d+(?=-metal$|$)/, '')
      : name.replace(/\.[^.]+$/, '')

test.each(providers)('%s has types, each of its own, with its name once', (provider) => {
  const types = instanceTypes(provider)
  expect(types.length).toBeGreaterThan(50)
  expect(types.filter((type) => type.provider !== provider)).toEqual([])
  const names = named(types).map((name) => name.toLowerCase())
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

test('every type has whole vCPUs and a memory that fits them', () => {
  const odd = all.filter(({ vCpus, memoryBytes }) => {
    const gibPerVCpu = memoryBytes / gibibyte / vCpus
    return !Number.isInteger(vCpus) || !within(1, vCpus, 512) || !within(0.25, gibPerVCpu, 16)
  })
  expect(named(odd)).toEqual([])
})

test('within a family, memory grows with vCPUs, and in proportion', () => {
  const families = Map.groupBy(
    // types that share CPUs differ in memory alone, and Tencent Cloud offers several memories for each size
    all.filter(({ burst, provider }) => burst === undefined && provider !== 'tencent'),
    (type) => `${type.provider} ${familyOf(type)}`,
  )
  for (const [name, types] of families) {
    const ratios = types.map(({ memoryBytes, vCpus }) => memoryBytes / vCpus)
    // the largest sizes of some have a little less or more than the rest
    expect(Math.max(...ratios) / Math.min(...ratios), name).toBeLessThan(1.4)
    const sorted = types.toSorted((a, b) => a.vCpus - b.vCpus)
    expect(
      sorted.map(({ memoryBytes }) => memoryBytes),
      name,
    ).toEqual(types.map(({ memoryBytes }) => memoryBytes).toSorted((a, b) => a - b))
  }
})

test('of Tencent Cloud, the name has both: `2XLARGE16` are two times four vCPUs and 16 GiB', () => {
  const sizes: Record<string, number> = { SMALL: 1, MEDIUM: 2, LARGE: 4, XLARGE: 4 }
  const odd = instanceTypes('tencent').filter(({ name, vCpus, memoryBytes }) => {
    const [, times = '', size = '', gib] = /\.(\d*)([A-Z]+)(\d+)$/.exec(name) ?? []
    return Number(times || 1) * sizes[size]! !== vCpus || Number(gib) * gibibyte !== memoryBytes
  })
  expect(named(odd)).toEqual([])
})

test('of Azure and Google Cloud, the name says how many vCPUs there are', () => {
  const azure = instanceTypes('azure').filter(
    // the second D series numbers its sizes
    ({ name, vCpus }) => !/^Standard_DS?\d+_v2$/.test(name) && Number(/\d+/.exec(name)?.[0]) !== vCpus,
  )
  const gcp = instanceTypes('gcp').filter(
    ({ name, vCpus, burst }) => burst === undefined && Number(/\d+(?=-metal$|$)/.exec(name)?.[0]) !== vCpus,
  )
  expect(named([...azure, ...gcp])).toEqual([])
})

test('CPU credits come at the rate at which the baseline uses them', () => {
  const burstable = all.filter(({ burst }) => burst !== undefined)
  expect(burstable.length).toBeGreaterThan(80)
  const odd = burstable.filter(
    ({ vCpus, burst: { baselineShare, creditsPerHour } = { baselineShare: 0 } }) => {
      if (!within(0.01, baselineShare, 0.9)) return true
      // providers round down, by less than one
      return creditsPerHour !== undefined && !within(-0.1, vCpus * baselineShare * 60 - creditsPerHour, 2.1)
    },
  )
  expect(named(odd)).toEqual([])
})

test('a peak of the network is no less than its baseline', () => {
  const odd = all.filter(
    ({ networkGbps }) => networkGbps && !within(0.01, networkGbps.baseline ?? 1, networkGbps.peak),
  )
  expect(named(odd)).toEqual([])
})

test('every type says where it was read, and when', () => {
  const places = [
    'aws.amazon.com',
    'microsoft.com',
    'cloud.google.com',
    'alibabacloud.com',
    'tencentcloud.com',
  ]
  const odd = all.filter(({ source, date }) => {
    const { protocol, hostname } = new URL(source)
    const isKnown = places.some((place) => hostname === place || hostname.endsWith(`.${place}`))
    return (
      protocol !== 'https:' || !isKnown || !/^20\d\d-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(date))
    )
  })
  expect(named(odd)).toEqual([])
})
