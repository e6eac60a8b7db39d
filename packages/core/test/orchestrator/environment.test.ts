import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runSteady } from '../support/run.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudbench-'))
  file = join(folder, 'setting')
  writeFileSync(file, 'before')
})
afterEach(() => rmSync(folder, { recursive: true }))

const marking = (options: Record<string, string | boolean>) => ({
  specifier: './marking.environment.ts',
  options,
})

describe('an environment', () => {
  it('changes the machine for the run, shapes the workers, proves it, and undoes everything', async () => {
    let during: string | undefined
    const result = await runSteady({
      durationMs: 300,
      environment: [marking({ file })],
      reporter: { onPhaseStart: () => void (during = readFileSync(file, 'utf8')) },
    })
    expect(result.scenarios[0]!.errors).toEqual([])
    expect(during).toBe('changed')
    expect(readFileSync(file, 'utf8')).toBe('before')
    expect(result.run.machines[0]!.facts['marking']).toEqual({ had: 'before' })
    const worker = result.scenarios[0]!.workers[0]!
    expect(worker.facts['marking']).toEqual({ mark: 'marked', agentSaw: '{"had":"before"}' })
    expect(worker.launch.wrap).toEqual(['nice', '-n', '1'])
    expect(worker.attribution).toEqual([
      'core: execArgv += --expose-gc --max-semi-space-size=16',
      'marking: wrap += nice -n 1',
      'marking: execArgv += --max-old-space-size=200',
      'marking: env CLOUDBENCH_MARK=marked',
    ])
  })

  it('that did not take effect in the worker ends the scenario, and is still undone', async () => {
    const result = await runSteady({ durationMs: 300, environment: [marking({ file, forget: true })] })
    expect(result.scenarios[0]!.errors[0]!.message).toMatch(
      /\[marking\] worker:verify: the worker is not marked/,
    )
    expect(result.exitCode).toBe(2)
    expect(readFileSync(file, 'utf8')).toBe('before')
  })

  it('with options that its schema refuses ends the run before anything starts', async () => {
    await expect(runSteady({ environment: [marking({ file, colour: 'red' })] })).rejects.toMatchObject({
      code: 'CB_PLUGIN_OPTIONS',
      message: expect.stringMatching(/marking: .*colour/) as string,
    })
    expect(readFileSync(file, 'utf8')).toBe('before')
  })
})
