import type { Reporter, TestCase } from 'vitest/node'

/**
 * Prints the seed and the counterexample of a property test as soon as it fails, not only at the end: a run that is cut
 * off, or whose log is, must not lose them.
 */
export default class PropertyReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    for (const { message } of test.result().errors ?? [])
      if (message.startsWith('Property failed'))
        console.log(`FAILED PROPERTY ${test.fullName}\n${message}\n(repeat it with FC_SEED)`)
  }
}
