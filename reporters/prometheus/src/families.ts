import { flowFamilies } from './families/flows.ts'
import { generatorFamilies } from './families/generator.ts'
import { requestFamilies } from './families/requests.ts'
import { validityFamilies } from './families/validity.ts'
import { verdictFamilies } from './families/verdict.ts'
import type { Family } from './family.ts'

/** Every metric there is. */
export const families: readonly Family[] = [
  ...requestFamilies,
  ...flowFamilies,
  ...generatorFamilies,
  ...verdictFamilies,
  ...validityFamilies,
]
