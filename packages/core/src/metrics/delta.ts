import type { OutcomeCounts } from '../plugin/model.ts'
import type {
  Each,
  flowCounts,
  generatorDistributions,
  generatorReadings,
  Numbers,
  operationCounts,
  operationDistributions,
} from '../plugin/record.ts'
import type { HistogramData } from './recorder.ts'
import type { RequestsDelta } from './requests.ts'

/** What a worker did since its last report. */
export interface WorkerInterval {
  /** Number of the stretch of `intervalMs` that ends here. */
  readonly index: number
  readonly startMs: number
  readonly endMs: number
  readonly flows: readonly FlowDelta[]
  readonly generator: GeneratorDelta
}

export interface FlowDelta extends Numbers<typeof flowCounts> {
  readonly operations: readonly OperationDelta[]
  /** Requests sent, answered or not. */
  readonly sent: number
  readonly counters: Readonly<Record<string, number>>
  readonly recorders: Readonly<Record<string, HistogramData>>
  /** Only where requests are traced. */
  readonly requests?: RequestsDelta | undefined
}

export interface OperationDelta
  extends Numbers<typeof operationCounts>, Each<typeof operationDistributions, HistogramData> {
  readonly operation: string
  readonly outcomes: OutcomeCounts
}

export type GeneratorDelta = Each<typeof generatorReadings, number> &
  Each<typeof generatorDistributions, HistogramData>
