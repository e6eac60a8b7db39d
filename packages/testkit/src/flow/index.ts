// `@cloudbench/testkit/flow`: a flow of a driver, opened inside a test.

export { callOf } from './call.ts'
export { openFlow } from './flow.ts'
export { parse } from './parse.ts'
export { testTrace } from './trace.ts'

export type { Flow, FlowOptions } from './flow.ts'
