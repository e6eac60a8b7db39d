import { codeOfHttpStatus, status, statusNames } from './status.ts'

/** The status code of an answer that is a failure: what its body says, else what its HTTP status stands for. */
export function codeOfFailure(httpStatus: number, body: Buffer): number {
  return codeInBody(body.toString()) ?? codeOfHttpStatus(httpStatus)
}

/** Messages of a stream in JSON, and the status at its end. */
export interface JsonStream {
  readonly messages: readonly string[]
  readonly code: number
}

/**
 * Takes a stream of answers apart: one object in a line with the message as its `result` or the failure as its
 * `error`, as grpc-gateway writes it, or one array of messages, as Envoy does.
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
    // Google's services put it one level deeper
    const inner =
      typeof body === 'object' && body !== null ? (body as { readonly error?: unknown }).error : undefined
    return codeOf(inner) ?? codeOf(body)
  } catch {
    // a page, or nothing
    return undefined
  }
}

/** The code in `google.rpc.Status`, or the name of it, where the code is the HTTP status. */
function codeOf(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { code, status: name, grpc_code: grpcCode } = body as Readonly<Record<string, unknown>>
  const named = typeof name === 'string' ? (statusNames as readonly string[]).indexOf(name) : -1
  if (named > 0) return named
  const number = typeof grpcCode === 'number' ? grpcCode : code
  return typeof number === 'number' && number > 0 && number < statusNames.length ? number : undefined
}
