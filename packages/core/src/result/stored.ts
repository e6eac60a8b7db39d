import type { RunResult } from '../plugin/model.ts'

// what reads result files has schemas of its own, which no run needs: it is loaded when there is something to read

/** Reads a result file; see `read.ts`. */
export async function readResult(path: string): Promise<RunResult> {
  return (await import('./read.ts')).readResult(path)
}

/** The JSON Schema of a result file. */
export async function resultJsonSchema(): Promise<unknown> {
  return (await import('./schema.ts')).resultJsonSchema()
}
