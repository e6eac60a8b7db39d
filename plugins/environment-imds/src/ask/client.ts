import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import { hostOf } from './address.ts'
import { doubt } from './doubt.ts'

/** Azure answers with some 4 KB, everything else with less. */
const largestBodyBytes = 64 * 1024
const largestHeaderBytes = 8 * 1024

interface Question {
  /** @default 'GET' */
  readonly method?: 'GET' | 'PUT'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** @default what is left of the budget */
  readonly limitMs?: number
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Without white space at its ends. */
  readonly text: string
}

export type Ask = (question: Question) => Promise<Answer>

/** Asks one metadata service. */
export interface Client {
  /** Something has accepted a connection. */
  readonly isConnected: boolean
  /** Rejects where there is no whole answer in time, or too long a one. Follows no redirect and uses no proxy. */
  readonly ask: Ask
  /** Ends every question, and all connections. */
  close(): void
}

/** `host` is what the service is called, where that is not its address. */
export function createClient(endpoint: string, host: string | undefined, deadline: AbortSignal): Client {
  const url = new URL(endpoint)
  const closed = new AbortController()
  const signal = AbortSignal.any([deadline, closed.signal])
  // an agent of our own: the global one takes proxies from the environment when node is told to.
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  let isConnected = false
  const connected = (): void => void (isConnected = true)

  const ask: Ask = ({ method = 'GET', path, headers, limitMs }) =>
    new Promise((resolve, reject) => {
      const limited = limitMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
      const sent = request({
        agent,
        host: hostOf(url),
        port: url.port || 80,
        method,
        path,
        headers: { ...(host !== undefined && { host }), ...headers },
        maxHeaderSize: largestHeaderBytes,
        signal: limited,
      })
      sent.on('socket', (socket) => {
        if (socket.connecting) socket.once('connect', connected)
        else connected()
      })
      sent.on('response', (response) => {
        const chunks: Buffer[] = []
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > largestBodyBytes) sent.destroy(doubt(`answers ${path} with more than 64 KiB`))
          else chunks.push(chunk)
        })
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8').trim()
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
        })
        response.on('error', reject)
      })
      sent.on('error', reject)
      // what ends in no other way, such as a change of protocol.
      sent.on('close', () => reject(doubt(`answers ${path} with no response`)))
      sent.end()
    })

  return {
    get isConnected() {
      return isConnected
    },
    ask,
    close() {
      closed.abort()
      agent.destroy()
    },
  }
}
