import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { importGraph } from '@cloudbench/fixtures/import-graph'
import { expect, onTestFinished, test } from 'vitest'

const source = (file: string): URL => new URL(`../../src/${file}`, import.meta.url)

/** Names of folders and files below `src`. */
function loadedBy(entry: string): { readonly files: string[]; readonly packages: readonly string[] } {
  const { files, packages } = importGraph(source(entry))
  return { files: files.map((file) => file.slice(source('').href.length)), packages }
}

test('a worker loads what a worker needs: no package, nothing of the orchestrator', () => {
  const { files, packages } = loadedBy('worker/main.ts')
  expect(packages.filter((name) => !name.startsWith('node:'))).toEqual([])
  expect(files.filter((file) => /^(orchestrator|agent)\//.test(file))).toEqual([])
  // starts with every run, and once more for every worker
  expect(importGraph(source('worker/main.ts')).sizeBytes).toBeLessThan(139_000)
})

test('the ticker, a thread of every worker, loads next to nothing', () => {
  expect(loadedBy('worker/ticker.ts').files.length).toBeLessThanOrEqual(4)
  expect(loadedBy('worker/ticker.ts').packages).toEqual(['node:worker_threads'])
})

test('a plugin that imports the core loads neither the program nor a package with it', () => {
  const { files, packages } = loadedBy('index.ts')
  expect(packages.filter((name) => !name.startsWith('node:'))).toEqual([])
  expect(files.filter((file) => /^(orchestrator\/run|agent|worker\/main)/.test(file))).toEqual([])
  expect(importGraph(source('index.ts')).sizeBytes).toBeLessThan(62_000)
})

test('the core as a whole does not grow unnoticed', () => {
  expect(importGraph(source('program.ts')).sizeBytes).toBeLessThan(340_000)
  expect(importGraph(source('orchestrator/run.ts')).sizeBytes).toBeLessThan(270_000)
})

test('a program loads neither YAML nor what runs benchmarks or reads result files before it needs them', () => {
  const { files, packages } = loadedBy('program.ts')
  expect(packages.filter((name) => !name.startsWith('node:'))).toEqual(['@cloudbench/schema', 'exsolve'])
  expect(
    files.filter((file) => /^(orchestrator\/(run|replay|derive)|result\/(read|schema))\.ts$/.test(file)),
  ).toEqual([])
})

test('transitive imports are found: files, packages, over several lines, but not types', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-graph-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(
    join(folder, 'a.ts'),
    "import type { T } from './never.ts'\nimport {\n  b,\n} from './b.ts'\nimport 'zod'\nexport const a: T = b\n",
  )
  await writeFile(join(folder, 'b.ts'), "export * from './c.ts'\n")
  await writeFile(join(folder, 'c.ts'), "import own from 'own'\nexport const b = own\n")
  await writeFile(join(folder, 'own.ts'), "export { default } from 'yaml'\n")
  const url = (name: string): URL => new URL(name, pathToFileURL(`${folder}/`))
  const { files, packages, sizeBytes } = importGraph(url('a.ts'), { own: url('own.ts') })
  expect(files).toEqual(['a.ts', 'b.ts', 'c.ts', 'own.ts'].map((name) => url(name).href))
  expect(packages).toEqual(['yaml', 'zod'])
  expect(sizeBytes).toBeGreaterThan(150)
})
