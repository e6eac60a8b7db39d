import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config, RunResult, Terminal } from '@cloudbench/core'
import { loadConfig, makePlan, runBenchmark, type RunPlan, type WrittenRef } from '@cloudbench/core/program'
import { onTestFinished } from 'vitest'
import { readBack, type ReadSuite } from './read-back.ts'

const here = import.meta.url

export const junit = { specifier: new URL('../src/index.ts', here).href, options: {} }

export interface Order {
  readonly name?: string
  readonly scenarios?: NonNullable<Config['scenarios']>
  readonly url?: string
  readonly env?: Readonly<Record<string, string>>
  /** More reporters, as the configuration writes them. */
  readonly reporters?: readonly WrittenRef[]
  readonly options?: Readonly<Record<string, unknown>>
  readonly plugins?: RunPlan['plugins']
  readonly interrupt?: AbortSignal
  readonly change?: (plan: RunPlan) => RunPlan
  readonly cwd?: string
}

export interface Reported {
  readonly result: RunResult
  readonly xml: string
  readonly suites: readonly ReadSuite[]
  readonly log: string
  /** Where everything was written. */
  readonly output: string
}

export const steady = { target: 'server', rate: '50/s', connections: 2 }

/** A run in real workers, and its report. */
export async function report(order: Order = {}): Promise<Reported> {
  const { result, log, output } = await run(order)
  const xml = await readFile(join(output, 'junit.xml'), 'utf8')
  return { result, xml, suites: await readBack(xml), log, output }
}

export async function run(order: Order): Promise<Pick<Reported, 'result' | 'log' | 'output'>> {
  const cwd = order.cwd ?? (await folder())
  const config = await loadConfig({
    cwd,
    env: order.env ?? {},
    builtIn: {
      ...(order.name !== undefined && { name: order.name }),
      targets: {
        server: {
          driver: new URL('fixture.driver.ts', here).href,
          ...(order.url !== undefined && { url: order.url }),
        },
      },
      scenarios: order.scenarios ?? { steady },
      defaults: {
        duration: '400ms',
        warmup: '0s',
        interval: '100ms',
        checks: { 'errors.rate': 'off' },
        // how busy the machine of a test is does not matter here
        verdict: { allowInvalid: true },
      },
    },
    reporters: [[junit.specifier, order.options ?? {}], ...(order.reporters ?? [])],
  })
  const plan = makePlan(config)
  const terminal = quiet()
  const result = await runBenchmark(
    { ...(order.change?.(plan) ?? plan), plugins: order.plugins ?? [] },
    { terminal, version: '1.2.3', bundledFrom: here, ...(order.interrupt && { interrupt: order.interrupt }) },
  )
  return { result, log: terminal.said(), output: join(cwd, '.cloudbench') }
}

export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'cloudbench-junit-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

export function quiet(): Terminal & { readonly said: () => string } {
  let said = ''
  const stream = { isTTY: false, columns: 80, color: false, write: (text: string) => void (said += text) }
  return { stdout: stream, stderr: stream, said: () => said }
}
