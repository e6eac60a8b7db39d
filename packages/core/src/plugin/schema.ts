import type { Awaitable } from './common.ts'

/** The part of [Standard Schema](https://standardschema.dev) that cloudbench relies on: zod, valibot and arktype all have it. */
export interface Schema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Awaitable<SchemaResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

export interface SchemaIssue {
  readonly message: string
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined
}

/** What a schema turns its input into. */
export type InferOutput<S extends Schema<any, any>> = NonNullable<S['~standard']['types']>['output']
