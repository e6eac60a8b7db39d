import type { Call } from '@cloudbench/core'
import { render, type Template } from '../templates/template.ts'
import type { RequestParts } from './exchange.ts'

/** What all requests of a connection have in common. */
export interface RequestPlan {
  readonly method: string
  readonly headers: readonly (readonly [name: string, value: Template])[]
  /** How many requests may be in flight at once. */
  readonly streams: number
  /** False closes the connection after each request. @default true */
  readonly keepAlive?: boolean
  /** The name that TLS asks for. */
  readonly servername: string | undefined
}

/** A request that is sent again and again. Its path and body are the caller's to set. */
export interface ReusedRequest {
  readonly parts: RequestParts
  /** Sets the headers of this request. */
  writeHeaders(call: Call): void
}

export function createRequest(plan: RequestPlan): ReusedRequest {
  const { method, streams, keepAlive = true, servername } = plan
  const headers = plan.headers.flatMap(([name, value]) => [name, value.head])
  const generated = plan.headers.flatMap(([, template], at) =>
    template.parts.length > 0 ? [{ template, position: at * 2 + 1 }] : [],
  )
  return {
    parts: {
      method,
      path: '',
      headers,
      body: null,
      // otherwise undici holds back requests behind one that may be slow or must not be repeated
      blocking: false,
      idempotent: streams > 1 || method === 'GET' || method === 'HEAD',
      // otherwise undici closes the connection after HEAD, and after a body that is unusual for the method
      reset: !keepAlive,
      ...(servername !== undefined && { servername }),
    },
    writeHeaders(call) {
      for (const { template, position } of generated) headers[position] = render(template, call)
    },
  }
}
