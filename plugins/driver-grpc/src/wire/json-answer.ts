import { codeOfHttpStatus, status, statusNames } from './status.ts'

/** The status code of a failed answer: from its body, else from its HTTP status. */
export function codeOfFailure(httpStatus: number, body: Buffer): number {
  return codeInBody(body.toString()) ?? codeOfHttpStatus(httpStatus)
}

/** The messages of a stream in JSON, and the status at its end. */
export interface JsonStream {
  readonly messages: readonly string[]
  readonly code: number
}

/**
 * Parses a stream of answers: one object per line with the message as `result` or the failure as `error`, as written by
 * grpc-gateway, or one array of messages, as written by Envoy.
 */
export function readJsonStream(body: Buffer): JsonStream {
  const text = body.toString().trim()
  try {
    if (text.startsWith('['))
      return {
        messages: (JSON.parse(text) as readonly unknown[]).map((one) => JSON.stringify(one)),
        code: status.ok,
      }
    const messages: string[] = []
    for (const line of text === '' ? [] : text.split('\n')) {
      const { result, error } = JSON.parse(line) as { readonly result?: unknown; readonly error?: unknown }
      if (error !== undefined) return { messages, code: codeOf(error) ?? status.unknown }
      messages.push(JSON.stringify(result))
    }
    return { messages, code: status.ok }
  } catch {
    return { messages: [], code: status.internal }
  }
}

function codeInBody(text: string): number | undefined {
  try {
    const body = JSON.parse(text) as unknown
    // Google's services nest it one level deeper
    const inner =
      typeof body === 'object' && body !== null ? (body as { readonly error?: unknown }).error : undefined
    return codeOf(inner) ?? codeOf(body)
  } catch {
    // HTML, or nothing
    return undefined
  }
}

/** The code of a `google.rpc.Status`, or its name where the code is the HTTP status. */
function codeOf(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { code, status: name, grpc_code: grpcCode } = body as Readonly<Record<string, unknown>>
  const named = typeof name === 'string' ? (statusNames as readonly string[]).indexOf(name) : -1
  if (named > 0) return named
  const number = typeof grpcCode === 'number' ? grpcCode : code
  return typeof number === 'number' && number > 0 && number < statusNames.length ? number : undefined
}
