import { z } from '@cloudbench/schema'
import { authoredBaselineSchema, authoredScenarioSchema, authoredTargetSchema } from './schema.ts'

const schemas = {
  scenario: { schema: authoredScenarioSchema, title: 'A cloudbench scenario (config/scenarios/*)' },
  target: { schema: authoredTargetSchema, title: 'A cloudbench target (config/targets/*)' },
  baseline: { schema: authoredBaselineSchema, title: 'A cloudbench baseline (config/baseline/*)' },
}

export type ConfigFileKind = keyof typeof schemas

/** The JSON Schema of a config file, for editors (`# yaml-language-server: $schema=…`). */
export function configJsonSchema(kind: ConfigFileKind): Record<string, unknown> {
  const { schema, title } = schemas[kind]
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' })
  return { ...json, title }
}
