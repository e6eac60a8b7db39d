import { CloudbenchError } from '../errors.ts'
import { within } from '../hooks/deadline.ts'
import type { Json } from '../plugin/common.ts'
import type { Schema, SchemaIssue } from '../plugin/schema.ts'
import { formatDuration } from '../text/format.ts'

/** A schema may be asynchronous; beyond this it is a hang. */
const parseLimitMs = 10_000

/** Parses options by the plugin's schema; without a schema, no options are allowed. */
export async function parseOptions(
  plugin: string,
  schema: Schema<any, unknown> | undefined,
  options: Json,
  limitMs: number = parseLimitMs,
): Promise<unknown> {
  if (!schema) {
    const names = typeof options === 'object' && options !== null ? Object.keys(options) : []
    if (names.length === 0) return options
    throw new CloudbenchError({
      code: 'CB_PLUGIN_OPTIONS',
      what: `${plugin}: unknown option "${names[0]}"`,
      expected: `no options: ${plugin} declares none`,
    })
  }
  const result = await within(
    limitMs,
    () => schema['~standard'].validate(options),
    () =>
      new CloudbenchError({
        code: 'CB_HOOK_TIMEOUT',
        what: `${plugin}: reading its options did not end within ${formatDuration(limitMs)}`,
        next: 'report this to the authors of the plugin',
      }),
  )
  if (!result.issues) return result.value
  throw new CloudbenchError({
    code: 'CB_PLUGIN_OPTIONS',
    what: `${plugin}: ${result.issues.map(describe).join('; ')}`,
    expected: `options as ${plugin} documents them`,
    next: `see the options in the documentation of ${plugin}`,
  })
}

function describe({ message, path }: SchemaIssue): string {
  const keys = path?.map((key) => String(typeof key === 'object' ? key.key : key)) ?? []
  return keys.length > 0 ? `option "${keys.join('.')}": ${message}` : message
}
