import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LoopbackOptions } from '@cloudbench/core'
import http from '@cloudbench/driver-http'
import { onTestFinished } from 'vitest'

/** An HTTP server on loopback with the given behaviour. */
export async function httpTarget(options: LoopbackOptions = {}): Promise<string> {
  const { target, close } = await http.loopback!(options)
  onTestFinished(() => close())
  return target
}

export interface CountingTarget {
  readonly url: string
  /** How many requests it has answered. */
  served(): number
}

/** A proxy in front of an HTTP server on loopback that counts its answers. */
export async function countingTarget(options: LoopbackOptions = {}): Promise<CountingTarget> {
  const behind = await httpTarget(options)
  let served = 0
  const proxy = createServer((incoming, outgoing) => {
    const { method, url = '/', headers } = incoming
    const forwarded = request(new URL(url, behind), { method, headers }, (answer) => {
      served++
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(forwarded)
  })
  await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, served: () => served }
}
