/** Writes the JSON Schemas that are published with the packages. Run it after changing one: `pnpm schema`. */
import { writeFileSync } from 'node:fs'
import { resultJsonSchema } from '@cloudbench/core/host'

const file = new URL('../packages/core/schema/result-1.schema.json', import.meta.url)
writeFileSync(file, `${JSON.stringify(resultJsonSchema(), null, 2)}\n`)
