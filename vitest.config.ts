import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configDefaults, defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

// this condition resolves imports between our packages to src/*.ts, so tests need no build
const conditions = ['@cloudbench/source', 'module', 'node', 'development|production']

const root = import.meta.dirname

// inline projects, because projects given as globs do not inherit `conditions`
const projects: TestProjectInlineConfiguration[] = ['packages', 'plugins', 'reporters']
  .flatMap((group) =>
    readdirSync(`${root}/${group}`).map((name) => ({ group, dir: `${root}/${group}/${name}` })),
  )
  .filter(({ dir }) => existsSync(`${dir}/package.json`))
  .map(({ group, dir }) => {
    const folder = dir.split('/').at(-1) ?? dir
    // what all test files of a package share, such as a server that takes seconds to start
    const setup = `${dir}/test/servers/setup.ts`
    return {
      extends: true,
      root: dir,
      test: {
        name: group === 'reporters' ? `reporter-${folder}` : folder,
        globalSetup: existsSync(setup) ? [setup] : [],
      },
    }
  })

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects,
    exclude: [...configDefaults.exclude, '**/dist/**'],
    passWithNoTests: true,
    reporters: ['default', './scripts/property-reporter.ts', './scripts/summary-reporter.ts'],
    setupFiles: [`${root}/scripts/property-tests.ts`],
    // tests that start processes and servers mostly wait: more files than cores at a time
    maxWorkers: 4,
    maxConcurrency: 3,
    // processes that tests start load the sources compiled, from the folder that Node.js itself would use
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    // guards against hangs only: a busy machine must not fail a test
    testTimeout: 180_000,
    hookTimeout: 180_000,
    coverage: {
      provider: 'v8',
      include: ['{packages,plugins,reporters}/*/src/**/*.ts'],
      reporter: ['text-summary', 'lcov'],
    },
  },
})
