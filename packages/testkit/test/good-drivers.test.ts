import { expect, test } from 'vitest'
import { examineDriver } from '../src/index.ts'

test.concurrent.for(['good', 'good-issue', 'good-batches'])(
  '%s has no fault',
  { timeout: 240_000 },
  async (plugin) => {
    const driver = new URL(`../../../fixtures/plugins/driver/${plugin}.ts`, import.meta.url)
    expect(await examineDriver({ driver, requests: 2_000, refused: [{ word: 7 }] })).toEqual([])
  },
)
