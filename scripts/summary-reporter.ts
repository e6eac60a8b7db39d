import type { Reporter, TestModule } from 'vitest/node'

/** Closes a test run with one line that needs no parser: `tests: 12 passed, 0 failed, 1 skipped`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++
      // a file that does not load has no tests to count, yet it failed
      if (module.errors().length > 0) count.failed++
    }
    // errors outside any test, for example an unhandled rejection, fail the run too
    const failed = count.failed + errors.length
    console.log(`tests: ${count.passed} passed, ${failed} failed, ${count.skipped + count.pending} skipped`)
  }
}
