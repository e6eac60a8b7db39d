/** A value, or the promise of one. */
export type Awaitable<T> = T | Promise<T>

/** Anything that survives `JSON.stringify` and can be sent to another process. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Where a plugin writes for people. Never `console`: the terminal belongs to one reporter. */
export interface Logger {
  /** How far a task is, such as `120k of 1M keys`: people who wait may see it, and nothing keeps it. */
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
}
