import { expect, test } from 'vitest'
import { examineReporter } from '../src/index.ts'

test.concurrent.for(['good', 'good-terminal', 'good-histogram'])(
  '%s has no fault',
  { timeout: 240_000 },
  async (plugin) => {
    const reporter = new URL(`../../../fixtures/plugins/reporter/${plugin}.ts`, import.meta.url)
    expect(await examineReporter({ reporter })).toEqual([])
  },
)
