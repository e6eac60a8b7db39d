import type { SignalVerdict } from '../plugin/verdict.ts'

/**
 * What thresholds can be set for, and in what unit, in the order of the table in `verdict/`, which has the thresholds
 * themselves: reading a configuration must not load all of that.
 */
export const thresholdUnits = {
  disturbance: 'share',
  stalled: 'share',
  busy: 'share',
  ceiling: 'share',
  gcShare: 'share',
  gcLongest: 'share',
  loopGap: 'share',
  errors: 'share',
  unsent: 'share',
  steal: 'share',
  stealPeak: 'share',
  runDelay: 'share',
  throttledPeriods: 'share',
  throttledTime: 'share',
  cpuPressure: 'share',
  memoryPressure: 'share',
  ioPressure: 'share',
  swap: 'count',
  oomKills: 'count',
  majorFaults: 'perSecond',
  reclaimStalls: 'count',
  balloon: 'share',
  memoryLimitMoved: 'share',
  numaMisses: 'share',
  numaRemote: 'share',
  canary: 'share',
  frequency: 'share',
  retransmits: 'share',
  tcpTimeouts: 'count',
  listenOverflows: 'count',
  allowance: 'share',
  packetDrops: 'count',
  squeezes: 'count',
  clockSource: 'count',
  clockDrift: 'ppm',
  clockStep: 'ns',
  burstable: 'count',
  creditsSpent: 'share',
} as const satisfies Readonly<Record<string, SignalVerdict['unit']>>

export type ThresholdName = keyof typeof thresholdUnits
