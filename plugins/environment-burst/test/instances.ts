import type { BurstableType } from '../src/facts/instance.ts'

export const burstable: BurstableType = {
  provider: 'aws',
  name: 't3.small',
  vCpus: 2,
  memoryBytes: 2 * 1024 ** 3,
  burst: { baselineShare: 0.2, creditsPerHour: 24 },
  source: 'a test',
  date: '2026-11-27',
}
