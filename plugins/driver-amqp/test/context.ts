import { onTestFinished } from 'vitest'
import driver from '../src/index.ts'
import { createFlow, type FlowOptions, type TestFlow } from './flow.ts'
import type { LoopbackOptions } from '@cloudbench/core'

export { countOf, parse, send, sendAll } from './flow.ts'

/** A flow whose connections close with the test. */
export function flow(
  target: string,
  options: Record<string, unknown> = {},
  flowOptions: FlowOptions = {},
): TestFlow {
  return createFlow(target, options, flowOptions, (close) => onTestFinished(close))
}

/** A loopback broker that is gone with the test. */
export async function loopback(options: LoopbackOptions = {}): Promise<string> {
  const { target, close } = await driver.loopback!(options)
  onTestFinished(() => close())
  return target
}

let queues = 0

/** The name of a queue that no other test has. */
export function ownQueue(): string {
  return `test-${process.pid}-${queues++}`
}
