import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { resultFile, type Config, type Json, type RunResult, type Terminal } from '@cloudbench/core'
import { loadConfig, makePlan, replayResults, runBenchmark } from '@cloudbench/core/program'
import { onTestFinished } from 'vitest'

const here = import.meta.url
const reporter = new URL('../src/index.ts', here).href

/** The terminal, and what was written to it. */
function recorder(): { readonly terminal: Terminal; readonly text: () => string } {
  let text = ''
  const stream = { isTTY: false, columns: 80, color: false, write: (some: string) => void (text += some) }
  return { terminal: { stdout: stream, stderr: stream }, text: () => text }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-otel-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export interface Ran {
  readonly result: RunResult
  /** Everything on the terminal. */
  readonly text: string
}

/** Runs scenarios of the fixture driver with the reporter. */
export async function run(
  options: Readonly<Record<string, Json>>,
  scenarios: Config['scenarios'] = { steady: { target: 'server', rate: '100/s', connections: 2 } },
  duration = '300ms',
): Promise<Ran> {
  const { terminal, text } = recorder()
  const config = await loadConfig({
    cwd: await temporaryFolder(),
    env: {},
    builtIn: {
      targets: { server: { driver: new URL('fixture.driver.ts', here).href } },
      scenarios,
      // how busy the machine of a test is does not matter here
      defaults: { duration, warmup: '0s', interval: '100ms', verdict: { allowInvalid: true } },
    },
    reporters: [[reporter, options]],
  })
  const result = await runBenchmark(makePlan(config), { terminal, version: '1.2.3', bundledFrom: here })
  return { result, text: text() }
}

/** Replays a result from its file. */
export async function replay(original: RunResult, options: Readonly<Record<string, Json>>): Promise<Ran> {
  const { terminal, text } = recorder()
  const folder = await temporaryFolder()
  const file = join(folder, 'result.json')
  await writeFile(file, JSON.stringify(resultFile(original)))
  const result = await replayResults([file], {
    terminal,
    bundledFrom: here,
    reporters: [{ specifier: reporter, options }],
    outputFolder: folder,
    resolveFrom: pathToFileURL(`${folder}/`).href,
  })
  return { result, text: text() }
}
