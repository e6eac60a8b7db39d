import { CloudbenchError } from '@cloudbench/core'
import { formatDuration, visible } from '@cloudbench/core/text'
import { contentType } from './exposition.ts'
import type { Labels } from './labels.ts'

/** So much of what a gateway says about a refusal is told. */
const reasonLength = 200

/** A Pushgateway. A group is all that has the same job and labels; what is put replaces it. */
export interface Gateway {
  /** Without credentials. */
  readonly url: string
  put(labels: Labels, text: string): Promise<void>
  remove(labels: Labels): Promise<void>
}

export function createGateway(written: string, timeoutMs: number): Gateway {
  const { origin, pathname, username, password } = new URL(written)
  const url = `${origin}${pathname.replace(/\/+$/, '')}`
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`)
  const headers = {
    'content-type': contentType,
    // a connection kept for the next push would keep the process from ending
    connection: 'close',
    ...(credentials.length > 1 && { authorization: `Basic ${credentials.toString('base64')}` }),
  }
  const ask = async (method: 'PUT' | 'DELETE', labels: Labels, body?: string): Promise<void> => {
    let response: Response
    let said: string
    try {
      response = await fetch(`${url}/metrics${groupPath(labels)}`, {
        method,
        headers,
        ...(body !== undefined && { body }),
        // elsewhere it would arrive without credentials, or as a GET
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      })
      said = await beginningOf(response)
    } catch (error) {
      throw refusal(
        url,
        isTimeout(error)
          ? `did not answer within ${formatDuration(timeoutMs)}`
          : `cannot be reached: ${causeOf(error)}`,
      )
    }
    if (!response.ok) throw refusal(url, `answered ${response.status}${said === '' ? '' : `: ${said}`}`)
  }
  return {
    url,
    put: (labels, text) => ask('PUT', labels, text),
    remove: (labels) => ask('DELETE', labels),
  }
}

/** A URL may have a `%` in it that escapes nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The job first, as the gateway wants it. */
export function groupPath({ job = '', ...labels }: Labels): string {
  return Object.entries({ job, ...labels })
    .map(([name, value]) =>
      // in base64 where a path would be read in another way: with a slash, as a dot, or with letters to be escaped
      /^(?!\.+$)[\w.-]+$/.test(value)
        ? `/${name}/${value}`
        : `/${name}@base64/${Buffer.from(value).toString('base64url') || '='}`,
    )
    .join('')
}

/** Also makes sure that the connection is let go. */
async function beginningOf(response: Response): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length > reasonLength) break
  }
  return visible(text.trim().slice(0, reasonLength)).replaceAll(/\s+/g, ' ')
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

function causeOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string }
  // codes of the HTTP client mean nothing to people; the system's do, and their messages repeat the address
  const isOfSystem = cause?.code !== undefined && !cause.code.startsWith('UND_')
  return (isOfSystem ? cause.code : cause?.message) ?? message
}

function refusal(url: string, why: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: `the Pushgateway at ${url} ${why}`,
    expected: 'a Pushgateway that takes what a run measures',
    next: 'cloudbench up pushgateway, or name another: --reporter "[prometheus, {pushgateway: http://host:9091}]"',
  })
}
