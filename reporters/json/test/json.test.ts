import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Terminal } from '@cloudbench/core'
import { makePlan, loadConfig, readResult, replayResults, runBenchmark } from '@cloudbench/core/program'
import { expect, onTestFinished, test } from 'vitest'

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'cloudbench-json-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

function quiet(): Terminal & { readonly out: () => string } {
  let out = ''
  const stream = { isTTY: false, columns: 80, color: false, write: (text: string) => void (out += text) }
  return { stdout: stream, stderr: { ...stream, write: () => {} }, out: () => out }
}

const here = import.meta.url
const builtIn = {
  targets: { server: { driver: new URL('fixture.driver.ts', here).href } },
  scenarios: { steady: { target: 'server', rate: '50/s', connections: 2 } },
  // how busy the machine of a test is does not matter here
  defaults: { duration: '400ms', warmup: '0s', verdict: { allowInvalid: true } },
}
const json = { specifier: new URL('../src/index.ts', here).href, options: {} }

async function run(cwd: string, options: Record<string, unknown>) {
  const terminal = quiet()
  const config = await loadConfig({
    cwd,
    env: {},
    builtIn,
    reporters: [[json.specifier, options]],
  })
  const result = await runBenchmark(makePlan(config), { terminal, version: '0.0.0', bundledFrom: here })
  return { result, out: terminal.out(), folder: join(cwd, '.cloudbench') }
}

test('a run leaves one file and one line, and the file gives the same line again', async () => {
  const cwd = await folder()
  const { result, out, folder: output } = await run(cwd, {})
  expect(result.errors).toEqual([])
  expect(JSON.parse(out)).toMatchObject({ scenario: 'steady', requests: 20, exit: 0 })
  const files = await readdir(output)
  expect(files).toEqual([`${result.run.id}.json`])
  const stored = await readResult(join(output, files[0]!))
  expect(stored.run.id).toBe(result.run.id)
  const terminal = quiet()
  await replayResults([join(output, files[0]!)], {
    terminal,
    bundledFrom: here,
    reporters: [json],
    outputFolder: join(cwd, 'again'),
    resolveFrom: pathToFileURL(`${cwd}/`).href,
  })
  expect(terminal.out()).toBe(out)
  const parse = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'))
  expect(await parse(join(cwd, 'again', files[0]!))).toEqual(await parse(join(output, files[0]!)))
})

test('stdout can be left to others, and the file can have a name', async () => {
  const cwd = await folder()
  const { out, folder: output } = await run(cwd, { stdout: false, file: 'mine/result.json' })
  expect(out).toBe('')
  expect(await readdir(join(output, 'mine'))).toEqual(['result.json'])
})

test('a file that cannot be written makes the run errored', async () => {
  const cwd = await folder()
  await writeFile(join(cwd, 'no-folder'), '')
  const { result } = await run(cwd, { file: join(cwd, 'no-folder/result.json') })
  expect(result.exitCode).toBe(2)
  expect(result.errors).toEqual([expect.objectContaining({ source: 'json', during: 'run:end' })])
  expect(result.errors[0]!.message).toMatch(/no-folder\/result\.json cannot be written/)
})
