import { z } from '@cloudbench/schema'
import { CloudbenchError } from '../errors.ts'
import { authoredFlowSchema, authoredScenarioSchema } from './schema.ts'

/** Made when there is a plugin to check: for our own it would be done in every command. */
function createSchema() {
  const name = z
    .string()
    .regex(/^[a-z\d][a-z\d-]*$/, 'is not a name of lower-case letters, digits and dashes')
  const elsewhere = { target: true, driver: true } as const

  /** A default scenario loads the target of its driver, so it names neither. */
  const scenario = authoredScenarioSchema
    .omit({ ...elsewhere, flows: true })
    .extend({ flows: z.record(z.string().min(1), authoredFlowSchema.omit(elsewhere)).optional() })
    .strict()

  return z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('driver'),
      name,
      /** Absent: named after the driver, without a URL. */
      target: z.strictObject({ name: name.optional(), url: z.string().min(1).optional() }).optional(),
      /** A service of `@cloudbench/services`, or the path of a module of this package that exports one. */
      service: z
        .union(
          [name, z.string().startsWith('./')],
          'is neither the name of a service nor a path such as ./service.js',
        )
        .optional(),
      scenarios: z.record(name, scenario).optional(),
    }),
    z.strictObject({ kind: z.literal('environment'), name }),
    z.strictObject({ kind: z.literal('reporter'), name }),
  ])
}

let manifestSchema: ReturnType<typeof createSchema> | undefined

/** The `cloudbench` field of a plugin's `package.json`: what the package is, and what it provides. */
export type PluginManifest = z.output<ReturnType<typeof createSchema>>
export type DriverManifest = Extract<PluginManifest, { readonly kind: 'driver' }>

/** Checks the `cloudbench` field of a package. The error names the package and the first places that are wrong. */
export function parseManifest(
  field: unknown,
  owner: { readonly package: string; readonly file: string },
): PluginManifest {
  manifestSchema ??= createSchema()
  const parsed = manifestSchema.safeParse(field)
  if (parsed.success) return parsed.data
  const places = parsed.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${['cloudbench', ...path].join('.')}: ${message}`)
  throw new CloudbenchError({
    code: 'CB_PLUGIN_MANIFEST',
    what: `${owner.package} has an invalid package.json: ${places.join('; ')} (${owner.file})`,
    expected: 'a `cloudbench` field as described in the guide to writing plugins',
    next: `update ${owner.package}, or report this to its authors`,
  })
}
