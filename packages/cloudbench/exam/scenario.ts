import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config, Plugin, Reporter, ScenarioResult } from '@cloudbench/core'
import { loadConfig, makePlan, runBenchmark } from '@cloudbench/core/program'

const silent = { isTTY: false, columns: 80, color: false, write: () => {} }

interface Run {
  readonly target: { readonly driver: string; readonly url: string }
  readonly scenario: Readonly<Record<string, unknown>>
  readonly environment?: Config['environment']
  readonly reporters?: readonly Reporter[]
  readonly plugins?: readonly Plugin[]
  readonly interrupt?: AbortSignal
}

/** Runs one scenario on one target, without a word and without any configuration but this. */
export async function runScenario({
  target,
  scenario,
  environment = [],
  reporters = [],
  plugins = [],
  interrupt,
}: Run): Promise<ScenarioResult> {
  const cwd = await mkdtemp(join(tmpdir(), 'cloudbench-exam-'))
  try {
    const config = await loadConfig({
      cwd,
      env: {},
      builtIn: {
        targets: { server: target },
        scenarios: { exam: { target: 'server', ...scenario } },
        environment,
        reporters: [],
      },
    })
    const { scenarios } = await runBenchmark(
      { ...makePlan(config), reporters, plugins },
      {
        terminal: { stdout: silent, stderr: silent },
        version: '0.0.0',
        bundledFrom: import.meta.url,
        ...(interrupt && { interrupt }),
      },
    )
    return scenarios[0]!
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
}
