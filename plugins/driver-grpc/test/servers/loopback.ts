import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { onTestFinished } from 'vitest'
import driver from '../../src/index.ts'

/** Starts the loopback server; it ends with the test. */
export async function loopbackServer(options: LoopbackOptions = {}): Promise<Loopback> {
  const loopback = await driver.loopback!(options)
  onTestFinished(() => loopback.close())
  return loopback
}
