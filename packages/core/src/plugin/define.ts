import type { Driver } from './driver.ts'
import type { Workload } from './driver.ts'
import type { Environment } from './environment.ts'
import type { ReporterPlugin } from './reporter.ts'
import type { InferOutput, Schema } from './schema.ts'

/** The version of the plugin contract. It changes only when published plugins would break. */
export const pluginApi = 1

/** `Symbol.for`, so that two copies of this package still recognise each other's plugins. */
const brand: unique symbol = Symbol.for('cloudbench.plugin') as never

export type PluginKind = 'driver' | 'environment' | 'reporter'

export interface Brand {
  readonly kind: PluginKind
  readonly api: number
}

/** What a value says it is, or `undefined` when it was not made by a `define…` function. */
export function brandOf(value: unknown): Brand | undefined {
  return typeof value === 'object' && value !== null ? (value as { [brand]?: Brand })[brand] : undefined
}

function stamp<T extends object>(kind: PluginKind, plugin: T): T {
  return Object.freeze({ ...plugin, [brand]: Object.freeze({ kind, api: pluginApi }) })
}

type Typed<Plugin, S> = Omit<Plugin, 'options'> & { readonly options: S }

interface NoSchema {
  readonly options?: undefined
}

/** `any` stands for options that are not known, as in a list of drivers. */
type HasNames<Options> = 0 extends 1 & Options ? false : [keyof Options] extends [never] ? false : true

/** Without a schema every option is refused, so a type for them is a mistake. The text is what the compiler says. */
type Untyped<Plugin, Options> = Omit<Plugin, 'options'> &
  (HasNames<Options> extends true
    ? {
        readonly options: 'give `options`, a schema, in place of the type: without one every option is refused'
      }
    : NoSchema)

/** Declares a driver. `options` in its functions is what its schema puts out. */
export function defineDriver<S extends Schema<any, any>>(
  driver: Typed<Driver<InferOutput<S>>, S>,
): Driver<InferOutput<S>>
export function defineDriver<Options>(
  driver: Omit<Driver<Options>, 'options'> & NoSchema & Required<Pick<Driver, 'workloads'>>,
): Driver<NoInfer<Options>>
export function defineDriver<Options = Record<never, never>>(
  driver: Untyped<Driver<Options>, Options>,
): Driver<NoInfer<Options>>
export function defineDriver(driver: unknown): Driver {
  return stamp('driver', driver as Driver)
}

/** Declares one workload of a driver. Not a plugin in itself, so it carries no brand. */
export function defineWorkload<S extends Schema<any, any>>(
  workload: Typed<Workload<InferOutput<S>>, S>,
): Workload<InferOutput<S>>
export function defineWorkload<Options = Record<never, never>>(
  workload: Untyped<Workload<Options>, Options>,
): Workload<NoInfer<Options>>
export function defineWorkload(workload: unknown): Workload {
  return workload as Workload
}

/** Declares an environment. */
export function defineEnvironment<S extends Schema<any, any>>(
  environment: Typed<Environment<InferOutput<S>>, S>,
): Environment<InferOutput<S>>
export function defineEnvironment<Options = Record<never, never>>(
  environment: Untyped<Environment<Options>, Options>,
): Environment<NoInfer<Options>>
export function defineEnvironment(environment: unknown): Environment {
  return stamp('environment', environment as Environment)
}

/** Declares a reporter. */
export function defineReporter<S extends Schema<any, any>>(
  reporter: Typed<ReporterPlugin<InferOutput<S>>, S>,
): ReporterPlugin<InferOutput<S>>
export function defineReporter<Options = Record<never, never>>(
  reporter: Untyped<ReporterPlugin<Options>, Options>,
): ReporterPlugin<NoInfer<Options>>
export function defineReporter(reporter: unknown): ReporterPlugin {
  return stamp('reporter', reporter as ReporterPlugin)
}
