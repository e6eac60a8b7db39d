import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config, RunResult, Terminal } from '@cloudbench/core'
import { loadConfig, makePlan, runBenchmark, type WrittenRef } from '@cloudbench/core/program'
import { onTestFinished } from 'vitest'

const here = import.meta.url

export const reporter = new URL('../../src/index.ts', here).href

export const steady = { target: 'server', workload: 'steady', rate: '200/s', connections: 4 }

interface Order {
  readonly options?: Readonly<Record<string, unknown>>
  readonly scenarios?: NonNullable<Config['scenarios']>
  readonly defaults?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
  readonly interrupt?: AbortSignal
  /** More reporters. */
  readonly reporters?: readonly WrittenRef[]
  readonly cwd?: string
}

export interface Reported {
  readonly result: RunResult
  readonly log: string
}

/** A run in real workers, and what it told the terminal. */
export async function run(order: Order = {}): Promise<Reported> {
  const config = await loadConfig({
    cwd: order.cwd ?? (await folder()),
    env: order.env ?? {},
    builtIn: {
      targets: { server: { driver: new URL('../fixture.driver.ts', here).href } },
      scenarios: order.scenarios ?? { steady },
      defaults: {
        duration: '500ms',
        warmup: '200ms',
        interval: '100ms',
        checks: { 'errors.rate': 'off' },
        // how busy the machine of a test is does not matter here
        verdict: { allowInvalid: true },
        ...order.defaults,
      },
    },
    reporters: [[reporter, order.options ?? {}], ...(order.reporters ?? [])],
  })
  const terminal = quiet()
  const result = await runBenchmark(makePlan(config), {
    terminal,
    version: '1.2.3',
    bundledFrom: here,
    ...(order.interrupt && { interrupt: order.interrupt }),
  })
  return { result, log: terminal.said() }
}

/** Removed after the test. */
export async function folder(atEnd: typeof onTestFinished = onTestFinished): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'cloudbench-prometheus-'))
  atEnd(() => rm(path, { recursive: true, force: true }))
  return path
}

export function quiet(): Terminal & { readonly said: () => string } {
  let said = ''
  const stream = { isTTY: false, columns: 80, color: false, write: (text: string) => void (said += text) }
  return { stdout: stream, stderr: stream, said: () => said }
}
