import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckResult, RunResult } from '@cloudbench/core'
import { readResult } from '@cloudbench/core/program'
import { folder, lenient, startCli, typed, type Ended, type RunningCli } from '../support/cli.ts'
import { probe } from '../support/probe.ts'

/** Invalid numbers count, as they do unless something else is asked for. */
export const strict = Object.fromEntries(Object.keys(lenient).map((name) => [name, 'false']))

export interface Load {
  /** Of an HTTP server, or as a configuration says. */
  readonly target: string | Readonly<Record<string, string>>
  /** Such as `--rate 100/s --duration 10s`. */
  readonly line: string
  readonly checks: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
}

export interface Judged extends Ended {
  readonly result: RunResult
  readonly file: string
}

export interface RunningLoad extends RunningCli {
  readonly cwd: string
  readonly judged: Promise<Judged>
}

/**
 * A run whose checks stand on how the load went. That the machine of a test stops the load thread now and then must not make
 * the run as a whole invalid.
 */
export async function startLoad({ target, line, checks, files = {} }: Load): Promise<RunningLoad> {
  const cwd = await folder({
    'probe.mjs': probe,
    'config/targets/server.yaml': JSON.stringify(
      typeof target === 'string' ? { driver: 'http', url: target } : target,
    ),
    'config/scenarios/api.yaml': JSON.stringify({
      target: 'server',
      checks: { 'errors.rate': 'off', ...checks },
      verdict: { thresholds: { stalled: 'off' } },
    }),
    ...files,
  })
  const running = startCli(typed(`api --warmup 0s --reporter json --reporter ./probe.mjs ${line}`), {
    cwd,
    env: strict,
  })
  return { ...running, cwd, judged: running.ended.then((ended) => judgedIn(cwd, ended)) }
}

export async function runLoad(load: Load): Promise<Judged> {
  return await (
    await startLoad(load)
  ).judged
}

async function judgedIn(cwd: string, ended: Ended): Promise<Judged> {
  const output = join(cwd, '.cloudbench')
  const file = (await readdir(output)).find((name) => name.endsWith('.json'))
  const path = join(output, file!)
  return { ...ended, file: path, result: await readResult(path) }
}

export function checkIn({ result }: Judged, name: string): CheckResult | undefined {
  return result.checks.find((check) => check.name === name)
}

/** The codes of the reasons of the only scenario. */
export function codesIn({ result }: Judged): readonly string[] {
  return result.scenarios[0]!.verdict!.reasons.map(({ code }) => code)
}
