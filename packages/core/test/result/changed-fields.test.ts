import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { exitCodeOf } from '../../src/result/exit-code.ts'
import { resultFile } from '../../src/result/file.ts'
import { flatLine } from '../../src/result/flat-line.ts'
import { readResult } from '../../src/result/read.ts'
import { fileOf } from '../support/result-folder.ts'
import { runSteady } from '../support/run.ts'

// a file with one field changed is refused, unless the field says nothing that anything else follows from.

type Path = readonly (string | number)[]
type Node = Record<string | number, unknown>

/** What only describes: the run, its machine, its processes, what was prepared, and what the generator was busy with. */
const descriptive = [
  /^\$schema$/,
  /^run\.(id|name|machines|configDigest|configuration|plugins|version|startedAt|endedAt|merged)\b/,
  /^scenarios\.\d+\.(prepared|processes)\b/,
  /^scenarios\.\d+\.definition\.(description|tags|seed|intervalMs|dispatch|checks|source)\b/,
  /^scenarios\.\d+\.definition\.flows\.\d+\.(driver|workload|target)\b/,
  /^scenarios\.\d+\.definition\.phases\.\d+\.loads\.\w+\.(connections|arrivals)$/,
  /^(scenarios\.\d+\.)?checks\.\d+\.source\b/,
  // why numbers are believed or not, and what was asked for, as far as nothing depends on it
  /^scenarios\.\d+\.judgement\b/,
  /^scenarios\.\d+\.audits\b.*(name|examined|message)$|\.audits(\.\d+)?$/,
  /^scenarios\.\d+\.phases\.\d+(\.intervals\.\d+)?\.(generators|signals|missing|startedAt)\b/,
  // where a stretch begins and ends, and which of them has nothing in it
  /^scenarios\.\d+\.phases\.\d+\.intervals\.\d+(\.startMs|\.endMs)?$/,
  /\.counters(\.[\w.]+)?$/,
  // of all stretches together, only the smallest and the largest count
  /\.intervals\..*\.(min|max)$/,
  // what is behind the end of the data is not read; a sum is one of rounded values
  /\.(hdr|sum)$/,
]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const children = Object.entries(value).flatMap(([key, child]) =>
    pathsOf(child, [...path, Array.isArray(value) ? Number(key) : key]),
  )
  return path.length === 0 ? children : [path, ...children]
}

/** A change that rounding could make is none. */
const change = fc.oneof(
  fc.constantFrom('remove', 'repeat', 'empty', 'more', 'double', 'none', 'huge', 'less'),
  fc
    .oneof(
      fc.double().filter((to) => to === 0 || Math.abs(to) > 0.01),
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.constant([]),
    )
    .map((to) => ({ to })),
)
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never

/** The field with something else in it, or gone. */
function changed(file: unknown, path: Path, how: Change): string {
  const copy = structuredClone(file) as Node
  const owner = path.slice(0, -1).reduce<Node>((node, key) => node[key] as Node, copy)
  const key = path.at(-1)!
  const old = owner[key]
  if (how !== 'remove') owner[key] = replacement(old, how)
  else if (Array.isArray(owner)) owner.splice(Number(key), 1)
  else delete owner[key]
  return JSON.stringify(copy)
}

function replacement(old: unknown, how: Exclude<Change, 'remove'>): unknown {
  if (typeof how === 'object') return how.to
  if (Array.isArray(old)) return how === 'repeat' ? [...old, ...old] : []
  if (typeof old === 'string') return how === 'empty' ? '' : `${old}${how}`
  if (typeof old === 'boolean') return !old
  if (typeof old !== 'number') return {}
  return { repeat: old, empty: 0, more: old + 1, double: old * 2, none: 0, huge: 1e308, less: -1 }[how]
}

/** Everything that `report` says and ends with. */
async function believed(text: string): Promise<unknown> {
  const { reason, exitCode, scenarios, checks, errors } = await readResult(fileOf(text))
  expect(exitCode).toBe(exitCodeOf(reason))
  const parts = scenarios.map((scenario) => {
    const { phases, audits, reason: ending, errors: problems } = scenario
    const totals = phases.map(({ flows, elapsedMs, breaches }) => ({
      elapsedMs,
      breaches,
      flows: flows.map(({ operations, connections, bytes, inFlightMs }) => ({
        connections,
        bytes,
        inFlightMs,
        operations: Object.entries(operations).map(
          ([name, { response, service, lag, failures, ...counts }]) => ({
            name,
            counts,
            percentiles: [response, service, lag, failures].map((one) => [
              one.count,
              one.percentile(99),
              one.max,
            ]),
          }),
        ),
      })),
    }))
    return { flat: flatLine(scenario), totals, ending, problems, audits: audits.map(({ status }) => status) }
  })
  return JSON.stringify({ reason, exitCode, parts, checks, errors })
}

it('a result file with one field changed is refused, or says what it said', async () => {
  const files: { text: string; file: unknown; paths: Path[]; original: unknown }[] = []
  for (const order of [
    { checks: { 'errors.rate': '< 1%', requests: '> 10' }, alerts: { rate: '> 1M/s for 200ms' } },
    { checks: { requests: '> 1M' }, alerts: { 'errors.rate': '> 5%' } },
  ]) {
    const text = JSON.stringify(resultFile(await runSteady({ durationMs: 400, ...order })))
    const file: unknown = JSON.parse(text)
    files.push({ file, text, paths: pathsOf(file), original: await believed(text) })
  }
  let refused = 0
  await fc.assert(
    fc.asyncProperty(fc.nat(1), fc.nat(), change, async (which, at, how) => {
      const { file, paths, original } = files[which]!
      const path = paths[at % paths.length]!
      const name = path.join('.')
      const text = changed(file, path, how)
      let now: unknown
      try {
        now = await believed(text)
      } catch (error) {
        expect(error).toMatchObject({ code: 'CB_RESULT_FILE' })
        refused++
        return
      }
      const isDescriptive = descriptive.some((pattern) => pattern.test(name))
      if (!isDescriptive) expect(text, `${name} was believed`).toBe(files[which]!.text)
      if (!/\.audits\b/.test(name)) expect(now).toBe(original)
    }),
    { numRuns: 1_500 },
  )
  expect(refused).toBeGreaterThan(500)
}, 120_000)
