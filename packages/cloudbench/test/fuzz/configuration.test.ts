import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { folder, typed } from '../support/cli.ts'
import { runInProcess } from '../support/in-process.ts'
import { configuration, driver, env, expectDecent, expectMeasured, expectNoSecretIn } from './invariants.ts'

const pieces = typed(
  `{ } [ ] : - " ' | > # % & * !!js null -1 1e999 NaN 0 \${env:NOPE} \${ __proto__ constructor 999999999/s`,
)
const others = ['\t', '\n', '  ', '5 parsecs', '< 5', '<<<<<<< HEAD\n', '\u0000', '\uFEFF', '\uD800', '💥']

interface Mutation {
  /** Where in the text, from 0 to 1. */
  readonly at: number
  readonly kind: string
  readonly text: string
}

/** The mistakes that people, editors and merge tools make in files. */
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  kind: fc.constantFrom('delete', 'insert', 'swap', 'double', 'cut', 'key', 'value'),
  text: fc.oneof(fc.constantFrom(...pieces, ...others), fc.string({ maxLength: 8 })),
})

function mutate(text: string, { at, kind, text: piece }: Mutation): string {
  const lines = text.split('\n')
  const line = Math.trunc(at * lines.length)
  const other = (line + 1) % lines.length
  const offset = Math.trunc(at * text.length)
  switch (kind) {
    case 'delete':
      return text.slice(0, offset) + text.slice(offset + 3)
    case 'insert':
      return text.slice(0, offset) + piece + text.slice(offset)
    case 'swap':
      return lines.with(line, lines[other]!).with(other, lines[line]!).join('\n')
    case 'double':
      return lines.toSpliced(line, 0, lines[line]!).join('\n')
    case 'cut':
      return text.slice(0, offset)
    case 'key':
      return lines
        .with(
          line,
          lines[line]!.replace(/[^\s:]+/, () => piece),
        )
        .join('\n')
    default:
      return lines
        .with(
          line,
          lines[line]!.replace(/:.*/, () => `: ${piece}`),
        )
        .join('\n')
  }
}

test('300 broken configurations: refused with an error, or measured', { timeout: 300_000 }, async () => {
  const cwd = await folder({ 'null.mjs': driver })
  const spoilt = fc
    .sample(fc.array(mutation, { minLength: 1, maxLength: 4 }), { seed: 20_260_101, numRuns: 300 })
    .map((mutations) => mutations.reduce(mutate, configuration))
  const endings = [0, 0, 0]
  for (const text of spoilt) {
    await writeFile(join(cwd, 'cloudbench.config.yaml'), text)
    const line = typed('run local --duration 50ms --warmup 0s --reporter json')
    const outcome = await runInProcess(line, cwd, env)
    expectDecent(outcome, text)
    expectMeasured(outcome, text)
    endings[outcome.code]!++
  }
  // neither all valid nor all invalid
  expect(endings[0]).toBeGreaterThan(10)
  expect(endings[2]).toBeGreaterThan(100)
  await expectNoSecretIn(cwd)
})
