import { testReporter } from '@cloudbench/testkit'
import { test, vi } from 'vitest'

// elsewhere it does nothing that could be wrong; the processes of the kit inherit it
vi.stubEnv('GITHUB_ACTIONS', 'true')
vi.stubEnv('GITHUB_STEP_SUMMARY', '')

testReporter({
  test,
  reporter: new URL('../src/index.ts', import.meta.url),
  options: { summary: 'summary.md' },
  refused: [{ summary: '' }, { summary: true }, { annotations: 'yes' }],
})
