import { constants, PerformanceObserver, performance, type PerformanceEntry } from 'node:perf_hooks'
import { monotonicClock } from '../load/clock.ts'
import type { GeneratorDelta } from '../metrics/delta.ts'
import { HistogramRecorder } from '../metrics/recorder.ts'
import { AllocationMeter } from './allocation-meter.ts'
import { HiccupProbe, timerSleep } from './hiccup-probe.ts'

type GcReading = 'gcMinorMs' | 'gcMajorMs' | 'gcIncrementalMs' | 'gcWeakMs'

/** By the kind of a collection, as V8 names it. */
const gcReadings: Readonly<Record<number, GcReading>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'gcMinorMs',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'gcMajorMs',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'gcIncrementalMs',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'gcWeakMs',
}

/** Watches the worker itself: what it costs, and how it may have affected the numbers it reports. */
export class GeneratorWatch {
  /** How late arrivals were sent although a connection was free. */
  readonly lag = new HistogramRecorder()
  readonly #observer: PerformanceObserver
  readonly #allocation = new AllocationMeter()
  #cpu = process.cpuUsage()
  #loop = performance.eventLoopUtilization()
  readonly #hiccups = new HiccupProbe(monotonicClock, timerSleep)
  #gcCount = 0
  #gcMs: Record<GcReading, number> = { gcMinorMs: 0, gcMajorMs: 0, gcIncrementalMs: 0, gcWeakMs: 0 }
  #gcMaxMs = 0

  constructor() {
    this.#observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.#collected(entry)
    })
    this.#observer.observe({ entryTypes: ['gc'] })
  }

  /** A phase begins: what happened before it is forgotten. */
  begin(): void {
    this.drain()
    this.#hiccups.start()
  }

  /** The phase is over. */
  end(): void {
    this.#hiccups.stop()
  }

  /** What happened since the last call. */
  drain(): GeneratorDelta {
    for (const entry of this.#observer.takeRecords()) this.#collected(entry)
    const { user, system } = process.cpuUsage(this.#cpu)
    this.#cpu = process.cpuUsage()
    const loop = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(loop, this.#loop)
    this.#loop = loop
    const delta: GeneratorDelta = {
      cpuMs: (user + system) / 1000,
      busy: utilization,
      gcCount: this.#gcCount,
      gcMs: Object.values(this.#gcMs).reduce((sum, ms) => sum + ms, 0),
      ...this.#gcMs,
      gcMaxMs: this.#gcMaxMs,
      allocatedBytes: this.#allocation.drain(),
      lag: this.lag.drain(),
      hiccup: this.#hiccups.drain(),
      rssBytes: process.memoryUsage.rss(),
    }
    this.#gcCount = this.#gcMaxMs = 0
    this.#gcMs = { gcMinorMs: 0, gcMajorMs: 0, gcIncrementalMs: 0, gcWeakMs: 0 }
    return delta
  }

  close(): void {
    this.#hiccups.stop()
    this.#observer.disconnect()
    this.#allocation.close()
  }

  #collected(entry: PerformanceEntry): void {
    const { duration } = entry
    const { kind } = (entry as unknown as { readonly detail: { readonly kind: number } }).detail
    this.#gcCount++
    this.#allocation.collected()
    this.#gcMs[gcReadings[kind] ?? 'gcMajorMs'] += duration
    if (duration > this.#gcMaxMs) this.#gcMaxMs = duration
  }
}
