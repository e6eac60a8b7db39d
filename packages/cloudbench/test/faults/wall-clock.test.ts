import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ResultFile } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { cloudbench, folder, typed } from '../support/cli.ts'
import { httpTarget } from '../support/target.ts'

/** A wall clock that is set an hour forward and two hours back in turn, whenever it is read. */
const stepping = `import { appendFileSync } from 'node:fs'
const RealDate = Date
let reads = 0
const shift = () => (reads++ % 2 === 0 ? 3_600_000 : -7_200_000)
globalThis.Date = class extends RealDate {
  constructor(...args) { super(...(args.length === 0 ? [RealDate.now() + shift()] : args)) }
  static now() { return RealDate.now() + shift() }
}
appendFileSync(process.env.STEPPED, process.argv[1] + '\\n')
`

const hourMs = 3_600_000

async function load(env: Readonly<Record<string, string>>, cwd: string): Promise<ResultFile> {
  const url = await httpTarget({ delayMs: 20 })
  const { code, stderr } = await cloudbench(
    typed(
      `http-json-api --set targets.http.url=${url} --rate 100/s --duration 2s --warmup 0s --workers 2 --interval 500ms --reporter json --output ${cwd}`,
    ),
    { cwd, env },
  )
  expect(code, stderr).toBe(0)
  const file = (await readdir(cwd)).find((name) => name.endsWith('.json'))
  return JSON.parse(await readFile(join(cwd, file!), 'utf8')) as ResultFile
}

test('a wall clock that is set during a run changes nothing that was measured', async () => {
  const cwd = await folder({ 'step.mjs': stepping })
  const step = pathToFileURL(join(cwd, 'step.mjs')).href
  const { scenarios } = await load({ NODE_OPTIONS: `--import ${step}`, STEPPED: join(cwd, 'stepped') }, cwd)
  const stepped = await readFile(join(cwd, 'stepped'), 'utf8')
  expect(stepped.match(/worker\/main\.ts$/gm)?.length).toBeGreaterThanOrEqual(2)
  expect(stepped).toMatch(/cloudbench\/src\/main\.ts$/m)
  const { phases, requests, unsent, errors, duration_sec, latency_p50_ms } = scenarios[0]!
  expect({ requests, unsent, errors }).toEqual({ requests: 200, unsent: 0, errors: 0 })
  // the hour would show, in either direction
  expect(duration_sec).toBeGreaterThanOrEqual(2)
  expect(duration_sec).toBeLessThan(hourMs / 2000)
  expect(latency_p50_ms).toBeGreaterThanOrEqual(20)
  expect(latency_p50_ms).toBeLessThan(hourMs / 2)
  expect(phases[0]!.breaches).toEqual([])
  const ends = phases[0]!.intervals.map(({ endMs }) => endMs)
  expect(ends).toEqual(ends.toSorted((a, b) => a - b))
  expect(ends.at(-1)).toBeLessThan(hourMs / 2)
})
