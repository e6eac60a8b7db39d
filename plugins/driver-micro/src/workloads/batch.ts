import { Bench, Task, type Statistics } from 'tinybench'
import type { SamplingOptions } from '../options.ts'
import type { MeasuredFunction } from './measured-function.ts'

export interface BatchEvents {
  /** The batch is done. Milliseconds per call, with all samples, sorted. */
  measured(latency: Statistics): void
  /** The function threw or rejected. The rest of the batch was not run. */
  threw(error: Error): void
  /** The clock is too coarse: too many samples are 0 or identical. */
  coarse(): void
}

/** Calls a function as often as one request needs. */
export interface Batch {
  /** Ends with `measured` or `threw`; before it returns, unless the function is asynchronous. */
  run(events: BatchEvents): void
}

/** Has tinybench run and time the calls of one request after another, one request at a time. */
export function createBatch(
  { name, call }: MeasuredFunction,
  { samples, callsPerSample, subtractTimerOverhead }: SamplingOptions,
  isAsync: boolean,
): Batch {
  const bench = new Bench({
    iterations: samples,
    // only the number of samples ends a batch
    time: 0,
    // the host has its own warm-up phase
    warmup: false,
    retainSamples: true,
    subtractTimerOverhead,
    timestampProvider: 'performanceNow',
  })
  const repeated =
    callsPerSample === 1 ? call : isAsync ? repeatAsync(call, callsPerSample) : repeat(call, callsPerSample)
  const task = new Task(bench, name, repeated, { async: isAsync })
  let isCoarse = false
  task.addEventListener('warning', () => {
    isCoarse = true
  })
  const finish = (events: BatchEvents): void => {
    const { result } = task
    if (isCoarse) events.coarse()
    if (result.state === 'completed') events.measured(result.latency)
    else events.threw(result.state === 'errored' ? result.error : new Error(`tinybench: ${result.state}`))
  }
  return {
    run(events) {
      isCoarse = false
      task.reset(false)
      if (isAsync) {
        task.run().then(() => finish(events), events.threw)
        return
      }
      task.runSync()
      finish(events)
    },
  }
}

/** The mean of several calls as one sample: the clock is read once for all of them. */
function repeat(call: () => unknown, calls: number): () => object {
  const sample = { overriddenDuration: 0, overriddenIterationCost: 0 }
  return () => {
    const startMs = performance.now()
    for (let left = calls; left > 0; left--) call()
    sample.overriddenIterationCost = performance.now() - startMs
    sample.overriddenDuration = sample.overriddenIterationCost / calls
    return sample
  }
}

function repeatAsync(call: () => unknown, calls: number): () => Promise<object> {
  const sample = { overriddenDuration: 0, overriddenIterationCost: 0 }
  return async () => {
    const startMs = performance.now()
    // one after another, as when each call is a sample
    // oxlint-disable-next-line no-await-in-loop
    for (let left = calls; left > 0; left--) await call()
    sample.overriddenIterationCost = performance.now() - startMs
    sample.overriddenDuration = sample.overriddenIterationCost / calls
    return sample
  }
}
