import type { LoopbackOptions } from '@cloudbench/core'
import http from '@cloudbench/driver-http'
import { onTestFinished } from 'vitest'

/** An HTTP server on loopback that behaves as told. */
export async function httpTarget(options: LoopbackOptions = {}): Promise<string> {
  const { target, close } = await http.loopback!(options)
  onTestFinished(() => close())
  return target
}
