// `@cloudbench/driver-kit/undici`: HTTP/1.1 for drivers, on undici, which they install.

export { openHttpConnection } from './undici/connection.ts'
export { createRequest } from './undici/request.ts'

export type { HttpPlan } from './undici/connection.ts'
export type { Proxy } from './undici/tunnel.ts'
export type { Judge, RequestParts, RequestWriter } from './undici/exchange.ts'
