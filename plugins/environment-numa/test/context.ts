import type { Facts } from '@cloudbench/core'
import { environmentContext, type TestContext } from '@cloudbench/fixtures/environment-context'
import { type NumaOptions, options } from '../src/options.ts'

export function contextOf(
  input: Record<string, unknown>,
  facts: Record<string, Facts> = {},
): TestContext<NumaOptions> {
  return environmentContext(options.parse(input), facts)
}
