import type { RunResult } from '@cloudbench/core'
import { loadConfig, makePlan, runBenchmark } from '@cloudbench/core/program'
import { quiet, reporterUrl, temporaryFolder } from './report.ts'

export interface LiveRun {
  /** Of the page, as the log says. */
  readonly url: string
  readonly result: Promise<RunResult>
  /** What the log has said so far. */
  log(): string
  interrupt(): void
}

/** Begins a run in a real worker, with the live page, and resolves when the page is served. */
export async function beginRun(duration: string): Promise<LiveRun> {
  let log = ''
  const interruption = new AbortController()
  const config = await loadConfig({
    cwd: await temporaryFolder(),
    env: {},
    builtIn: {
      targets: { server: { driver: new URL('fixture.driver.ts', import.meta.url).href } },
      scenarios: {
        steady: { target: 'server', rate: '200/s', connections: 2, checks: { 'errors.rate': '<= 1%' } },
      },
      // how busy the machine of a test is does not matter here
      defaults: { duration, warmup: '300ms', interval: '200ms', verdict: { allowInvalid: true } },
    },
    reporters: [[reporterUrl, { ui: true }]],
  })
  return await new Promise((resolve, reject) => {
    const stderr = {
      ...quiet.stderr,
      write(text: string) {
        log += text
        const url = /live: (\S+)/.exec(log)?.[1]
        if (url !== undefined) resolve({ url, result, log: () => log, interrupt: () => interruption.abort() })
      },
    }
    const result = runBenchmark(makePlan(config), {
      terminal: { stdout: quiet.stdout, stderr },
      version: '0.0.0',
      bundledFrom: import.meta.url,
      interrupt: interruption.signal,
    })
    result.catch(reject)
  })
}
