import type { Call, Outcome } from '@cloudbench/core'
import type { Template } from '../templates/template.ts'

/** A request that is sent again and again, whatever sends it. Generated parts are drawn in this order. */
export interface HttpRequest {
  readonly method: string
  readonly path: Template
  readonly headers: readonly (readonly [name: string, value: Template])[]
  readonly body: Template | Buffer | undefined
}

/** Says which request is next. One for each that can be in flight, where it remembers what it has drawn. */
export interface RequestWriter {
  /** In no need of a copy: the same ones for as long as the connection lasts. */
  readonly requests: readonly HttpRequest[]
  /** Draws what the next request is made of, and returns its place among them. */
  next(call: Call): number
}

/** Says how an answer counts. */
export interface Judge<Writer extends RequestWriter> {
  /** Bodies of answers with this status or a higher one are kept for `outcomeOf`: 0 for all, Infinity for none. */
  readonly keepsBodyFrom: number
  /**
   * @param body Empty unless it was kept; good until this returns. @param writer Of the request that is answered.
   * @param encoding The `content-encoding` of a body that was kept, or nothing.
   */
  outcomeOf(status: number, body: Buffer, writer: Writer, encoding: string): Outcome
}

/** How requests are sent on a connection, and how their answers count. */
export interface HttpPlan<Writer extends RequestWriter> {
  /** Such as `https://example.com:8443`. */
  readonly origin: string
  /** The Unix socket to connect to instead of host and port. */
  readonly socketPath?: string | undefined
  /** How many requests may be in flight at once. */
  readonly streams: number
  /** False opens a connection for each request. @default true */
  readonly keepAlive?: boolean
  /** How long the head of an answer may take. @default 0: the host ends requests that take too long */
  readonly headTimeoutMs?: number
  /** @default no limit */
  readonly maxResponseBytes?: number
  readonly judge: Judge<Writer>
  /** Names of outcomes for what the limits above end. */
  readonly limitNames?: { readonly timeout: string; readonly size: string }
  createWriter(): Writer
  /** Says why the target cannot be reached. */
  connectError(error: unknown): Error
}

/** What has no effect on a server may be sent again when the connection was lost before an answer began. */
export const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Without a body, these say that it has no bytes (RFC 9110, 8.6). */
export const methodsWithBody: ReadonlySet<string> = new Set([
  'PATCH',
  'POST',
  'PROPFIND',
  'PROPPATCH',
  'PUT',
  'QUERY',
])
