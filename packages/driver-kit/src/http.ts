// `@cloudbench/driver-kit/http`: HTTP/1.1 for drivers, by frames that cost little.

export { openHttpConnection } from './http/connection.ts'
export { methodsWithBody, safeMethods } from './http/request.ts'

export type { HttpPlan, HttpRequest, Judge, RequestWriter } from './http/request.ts'
