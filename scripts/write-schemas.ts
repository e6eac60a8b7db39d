/** Writes the JSON Schemas that are published with the packages. Run it after changing one: `pnpm schema`. */
import { writeFileSync } from 'node:fs'
import { configJsonSchema, resultJsonSchema } from '@cloudbench/core/program'

const schemas = {
  'result-1': await resultJsonSchema(),
  baseline: configJsonSchema('baseline'),
  scenario: configJsonSchema('scenario'),
  target: configJsonSchema('target'),
}

for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(`../packages/core/schema/${name}.schema.json`, import.meta.url)
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`)
}
