import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseConfigDocument } from '../../src/config/document.ts'
import { loadConfig } from '../../src/config/load.ts'
import { makePlan } from '../../src/config/make-plan.ts'
import { CloudbenchError } from '../../src/errors.ts'
import { builtIn, project } from './project.ts'

/** Runs to the end, or is refused. Any other exception is a bug. */
async function survives(attempt: () => unknown): Promise<void> {
  try {
    await attempt()
  } catch (error) {
    if (!(error instanceof CloudbenchError)) throw error
    expect(error.format()).toMatch(/^CB_[A-Z_]+: \S/)
  }
}

const words = fc.constantFrom(
  ...'name target targets driver url options scenarios flows main rate stages duration phases kind checks defaults'.split(
    ' ',
  ),
  ...'environment reporters plugins think connections response.p99 http __proto__ constructor toString hooks tags'.split(
    ' ',
  ),
)
const scalars = fc.oneof(
  fc.constantFrom<unknown>(
    '10s',
    '5/s',
    'http',
    'http://a:1',
    '< 5ms',
    '${env:X}',
    '${env:X:-1s}',
    '${file:x}',
    0,
    1,
    -1,
    null,
    true,
  ),
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
    maxDepth: 1,
  }),
  fc.constant(() => 1),
  fc.constant(Symbol('s')),
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.dictionary(
    words,
    fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      scalars,
      tie('tree'),
      fc.array(fc.oneof({ maxDepth: 4 }, scalars, tie('tree')), { maxLength: 3 }),
    ),
    { maxKeys: 4 },
  ),
}))

it('answers any tree with a plan or a refusal', async () => {
  const cwd = project()
  await fc.assert(
    fc.asyncProperty(tree, async (value) => {
      await survives(async () => makePlan(await loadConfig({ cwd, env: {}, builtIn: value })))
      await survives(async () =>
        makePlan(
          await loadConfig({
            cwd,
            env: {},
            builtIn,
            onDraft: (draft) => void Object.defineProperties(draft, Object.getOwnPropertyDescriptors(value)),
          }),
        ),
      )
    }),
    { numRuns: 300 },
  )
})

it('answers any YAML and JSON with a plan or a refusal', async () => {
  const cwd = project()
  const snippet = fc.oneof(
    words,
    fc.constantFrom(
      ': ',
      '\n',
      '\n  ',
      '\n    ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      '*a',
      '&a ',
      '!x ',
      '|',
      '>',
      '#',
      '? ',
      '<<: ',
      '\t',
      '---\n',
      '5s',
    ),
    fc.string({ maxLength: 3 }),
  )
  const text = fc.array(snippet, { maxLength: 25 }).map((parts) => parts.join(''))
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom('yaml', 'json'), async (written, extension) => {
      await survives(() => parseConfigDocument(written, `x.${extension}`))
      const file = join(cwd, `cloudbench.config.${extension}`)
      writeFileSync(file, written)
      await survives(async () => makePlan(await loadConfig({ cwd, env: {}, builtIn })))
      rmSync(file)
    }),
    { numRuns: 300 },
  )
})

it('answers any setting and variable with a plan or a refusal', async () => {
  const cwd = project()
  const part = fc.oneof(
    words,
    fc.constantFrom('http-json-api', 'redis', '0', '["a"]'),
    fc.string({ maxLength: 3 }),
  )
  const path = fc.array(part, { minLength: 1, maxLength: 6 })
  const value = fc.oneof(
    words,
    fc.constantFrom('5', 'null', '{}', '[1]', '{a: [', '5s', '"x"'),
    fc.string({ maxLength: 5 }),
  )
  await fc.assert(
    fc.asyncProperty(path, value, async (keys, text) => {
      await survives(async () =>
        makePlan(await loadConfig({ cwd, env: {}, builtIn, set: [`${keys.join('.')}=${text}`] })),
      )
      const env = { [`CLOUDBENCH_${keys.join('__').toUpperCase()}`]: text }
      await survives(async () => makePlan(await loadConfig({ cwd, env, builtIn })))
    }),
    { numRuns: 300 },
  )
})
