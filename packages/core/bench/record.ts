import hdr from 'hdr-histogram-js'
import { Bench } from 'tinybench'
import { HistogramRecorder } from '../src/metrics/recorder.ts'

// the cost of recording one value, next to the library; values distributed like service times
const values = Float64Array.from({ length: 4096 }, (_, index) => 20_000 * 1.002 ** index)
const own = new HistogramRecorder()
const library = hdr.build({ bitBucketSize: 32, numberOfSignificantValueDigits: 3, useWebAssembly: false })

export async function benchRecord(): Promise<void> {
  const bench = new Bench({ time: 500, warmupTime: 200 })
  bench
    .add('4096 × record, recorder', () => {
      for (let index = 0; index < values.length; index++) own.record(values[index]!)
    })
    .add('4096 × record, hdr-histogram-js', () => {
      for (let index = 0; index < values.length; index++) library.recordValue(values[index]! | 0)
    })
    .add('4096 × clock', () => {
      for (let index = 0; index < values.length; index++) performance.now()
    })
  await bench.run()
  for (const { name, result } of bench.tasks)
    if (result && 'latency' in result)
      console.log(`${name.padEnd(36)} ${((result.latency.p50 * 1e6) / values.length).toFixed(1)} ns`)
}
