import type { RunResult } from '@cloudbench/core'
import { loadConfig, makePlan, runBenchmark, type LoadOptions } from '@cloudbench/core/program'
import { quiet, reporterUrl, temporaryFolder } from './report.ts'

/** A short run in a real worker, reported with these options. */
export async function runTo(
  options: Readonly<Record<string, unknown>>,
  more: Partial<LoadOptions> = {},
): Promise<RunResult> {
  const config = await loadConfig({
    cwd: await temporaryFolder(),
    env: {},
    builtIn: {
      targets: { server: { driver: new URL('fixture.driver.ts', import.meta.url).href } },
      scenarios: { steady: { target: 'server', rate: '50/s', connections: 2 } },
      // how busy the machine of a test is does not matter here
      defaults: { duration: '200ms', warmup: '0s', verdict: { allowInvalid: true } },
    },
    reporters: [[reporterUrl, options]],
    ...more,
  })
  return await runBenchmark(makePlan(config), {
    terminal: quiet,
    version: '0.0.0',
    bundledFrom: import.meta.url,
  })
}
