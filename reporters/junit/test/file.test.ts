import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, report, run } from './run.ts'

test('the file is junit.xml in the output folder, and its path is logged', async () => {
  const { output, log } = await report()
  expect(await readdir(output)).toEqual(['junit.xml'])
  expect(log).toContain(`[junit] report: ${join(output, 'junit.xml')}\n`)
})

test('the file can have another name', async () => {
  const { output } = await run({ options: { file: 'reports/load.xml' } })
  expect(await readdir(join(output, 'reports'))).toEqual(['load.xml'])
})

test('invalid options are refused', async () => {
  await expect(run({ options: { file: '' } })).rejects.toThrow(/file/)
  await expect(run({ options: { fiel: 'x' } })).rejects.toThrow(/fiel/)
})

test('a file that cannot be written ends the run before any load', async () => {
  const cwd = await folder()
  await writeFile(join(cwd, 'taken'), '')
  let intervals = 0
  const ended = run({
    options: { file: join(cwd, 'taken/junit.xml') },
    plugins: [{ name: 'watch', hooks: { interval: () => void intervals++ } }],
  })
  await expect(ended).rejects.toThrow(/taken\/junit\.xml cannot be written/)
  expect(intervals).toBe(0)
})

test('a file that can no longer be written makes the run errored', async () => {
  const cwd = await folder()
  const output = join(cwd, '.cloudbench')
  const { result } = await run({
    cwd,
    plugins: [
      {
        name: 'vandal',
        hooks: {
          'run:evaluate': async () => {
            await rm(join(output, 'junit.xml'))
            await mkdir(join(output, 'junit.xml/taken'), { recursive: true })
          },
        },
      },
    ],
  })
  expect(result.exitCode).toBe(2)
  expect(result.errors).toEqual([expect.objectContaining({ source: 'junit', during: 'run:end' })])
  expect(result.errors[0]!.message).toMatch(/junit\.xml cannot be written/)
})
