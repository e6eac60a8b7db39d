import { onTestFinished } from 'vitest'
import { open, type ConnectOptions, type Tested } from './context.ts'

/** Opens a connection that closes with the test. */
export async function opened(
  target: string,
  options?: Record<string, unknown>,
  connectOptions?: ConnectOptions,
): Promise<Tested> {
  const tested = await open(target, options, connectOptions)
  onTestFinished(() => tested.connection.close())
  return tested
}
