import { PerformanceObserver, performance } from 'node:perf_hooks'
import type { GeneratorDelta } from '../metrics/delta.ts'
import { HistogramRecorder } from '../metrics/recorder.ts'
import { AllocationMeter } from './allocation-meter.ts'

/** Watches the worker itself: what it costs, and how it may have affected the numbers it reports. */
export class GeneratorWatch {
  /** How late arrivals were sent although a connection was free. */
  readonly lag = new HistogramRecorder()
  readonly #observer: PerformanceObserver
  readonly #allocation = new AllocationMeter()
  #cpu = process.cpuUsage()
  #loop = performance.eventLoopUtilization()
  #gcCount = 0
  #gcMs = 0
  #gcMaxMs = 0

  constructor() {
    this.#observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.#collected(duration)
    })
    this.#observer.observe({ entryTypes: ['gc'] })
  }

  /** What happened since the last call. */
  drain(): GeneratorDelta {
    for (const { duration } of this.#observer.takeRecords()) this.#collected(duration)
    const { user, system } = process.cpuUsage(this.#cpu)
    this.#cpu = process.cpuUsage()
    const loop = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(loop, this.#loop)
    this.#loop = loop
    const delta: GeneratorDelta = {
      cpuMs: (user + system) / 1000,
      busy: utilization,
      gcCount: this.#gcCount,
      gcMs: this.#gcMs,
      gcMaxMs: this.#gcMaxMs,
      allocatedBytes: this.#allocation.drain(),
      lag: this.lag.drain(),
      rssBytes: process.memoryUsage.rss(),
    }
    this.#gcCount = this.#gcMs = this.#gcMaxMs = 0
    return delta
  }

  close(): void {
    this.#observer.disconnect()
    this.#allocation.close()
  }

  #collected(durationMs: number): void {
    this.#gcCount++
    this.#allocation.collected()
    this.#gcMs += durationMs
    if (durationMs > this.#gcMaxMs) this.#gcMaxMs = durationMs
  }
}
