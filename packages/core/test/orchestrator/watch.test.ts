import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sumSignals } from '../../src/metrics/signals.ts'
import type { Interval, MachineSignals } from '../../src/plugin/model.ts'
import { runSteady, type Order } from '../support/run.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudbench-'))
  file = join(folder, 'calls')
})
afterEach(() => rmSync(folder, { recursive: true }))

const watched = (order: Order & { readonly fail?: string } = {}) => {
  const { fail, ...rest } = order
  return runSteady({
    durationMs: 600,
    warmupMs: 200,
    ...rest,
    environment: [{ specifier: './watching.environment.ts', options: { file, ...(fail && { fail }) } }],
  })
}

describe('an environment that watches', () => {
  it('is sampled in every phase from its start to its end, and closed with the agent', async () => {
    const live: Interval[] = []
    const result = await watched({ reporter: { onInterval: (interval) => void live.push(interval) } })
    const { phases } = result.scenarios[0]!
    const grown = phases.map(({ signals }) => signals[0]!.counters['samples']!)
    for (const { signals, intervals } of phases) {
      expect(signals).toHaveLength(1)
      expect(signals[0]!.machine).toBe(result.run.machines[0]!.name)
      expect(signals[0]!.gauges['level']).toMatchObject({ mean: 7, max: 7 })
      expect(totalOf(intervals.flatMap((interval) => interval.signals))).toBe(totalOf(signals))
    }
    expect(live.some(({ signals }) => signals.length > 0)).toBe(true)
    // the first sample of a phase is where its differences begin
    const samples = grown.reduce((sum, count) => sum + count + 1, 0)
    expect(readFileSync(file, 'utf8')).toBe(`discover\nopen\nclose after ${samples}\n`)
    expect(result.exitCode).toBe(0)
  })

  it.each(['open', 'read'])('and fails to %s costs its signals, and nothing else', async (fail) => {
    const result = await watched({ fail })
    expect(result.scenarios[0]!.phases.map(({ signals }) => signals)).toEqual([[], []])
    expect(result.exitCode).toBe(0)
    expect(result.errors).toEqual([])
  })

  it('does not discover a machine twice', async () => {
    const result = await watched({ options: { facts: { watching: { 'cpu.count': 64 } } } })
    expect(readFileSync(file, 'utf8')).not.toContain('discover')
    expect(result.run.machines[0]!.facts['watching']).toEqual({ 'cpu.count': 64 })
  })
})

function totalOf(signals: readonly MachineSignals[]): number | undefined {
  return sumSignals(signals)[0]?.counters['samples']
}
