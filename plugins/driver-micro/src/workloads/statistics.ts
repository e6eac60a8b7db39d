import type { DriverContext } from '@cloudbench/core'
import type { Statistics } from 'tinybench'
import type { SamplingOptions } from '../options.ts'

/** What tinybench measures, in addition to the host's times of whole batches. */
export interface BatchStatistics {
  add(latency: Statistics): void
  addCoarse(): void
}

/** Records every sample, and for each batch the figures that are lost when batches are added up. */
export function createStatistics({
  options,
  recorder,
  counter,
}: Pick<
  DriverContext<Pick<SamplingOptions, 'callsPerSample'>>,
  'options' | 'recorder' | 'counter'
>): BatchStatistics {
  const call = recorder('call')
  const ofBatches = [
    { recorder: recorder('mean of a batch'), figure: 'mean' },
    { recorder: recorder('median of a batch'), figure: 'p50' },
    { recorder: recorder('p99 of a batch'), figure: 'p99' },
    { recorder: recorder('standard deviation of a batch'), figure: 'sd' },
    { recorder: recorder('margin of error of a batch'), figure: 'moe' },
  ] as const
  const calls = counter('calls')
  const coarse = counter('batches too fast for the clock')
  return {
    add(latency) {
      const { samples, samplesCount } = latency
      for (const sampleMs of samples!) call.record(sampleMs * 1e6)
      for (const { recorder: figures, figure } of ofBatches)
        // a single sample has no deviation
        if (Number.isFinite(latency[figure])) figures.record(latency[figure] * 1e6)
      calls.add(samplesCount * options.callsPerSample)
    },
    addCoarse: () => coarse.add(1),
  }
}
