import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'rolldown'
import { expect, onTestFinished, test } from 'vitest'
import * as zod from 'zod'
import type { z as Schema } from '../src/index.ts'

async function built(): Promise<{ readonly file: string; readonly imports: readonly string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudbench-schema-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'index.mjs')
  const { output } = await build({
    input: fileURLToPath(new URL('../src/index.ts', import.meta.url)),
    output: { file },
    logLevel: 'silent',
  })
  return { file, imports: output.flatMap((chunk) => ('imports' in chunk ? chunk.imports : [])) }
}

test('the build is one file that imports nothing, and has no languages but English', async () => {
  const { file, imports } = await built()
  expect(imports).toEqual([])
  const text = readFileSync(file, 'utf8')
  expect(text).toContain('Invalid input: expected')
  expect(text).not.toContain('Ungültige Eingabe')
  expect(text.length).toBeLessThan(250_000)
})

test('it checks as zod does, and its schemas and those of zod go together', async () => {
  const { file } = await built()
  const { z } = (await import(pathToFileURL(file).href)) as { readonly z: typeof Schema }
  const given = { name: 7, more: { at: 'x' } }
  const answerOf = (lib: typeof Schema | typeof zod.z): unknown =>
    lib
      .strictObject({ name: lib.string(), more: zod.strictObject({ at: zod.int() }) as never })
      .safeParse(given).error?.issues
  expect(answerOf(z)).toEqual(answerOf(zod.z))
  expect(answerOf(z)).toHaveLength(2)
  const described = z.strictObject({ at: zod.int().describe('when') as never })
  expect(zod.toJSONSchema(described)).toEqual(z.toJSONSchema(described))
  expect(zod.toJSONSchema(described)).toMatchObject({ properties: { at: { description: 'when' } } })
})

test('the licence beside it is that of zod', () => {
  const require = createRequire(import.meta.url)
  const theirs = join(require.resolve('zod/package.json'), '../LICENSE')
  expect(readFileSync(new URL('../LICENSE-zod', import.meta.url), 'utf8')).toBe(readFileSync(theirs, 'utf8'))
})
