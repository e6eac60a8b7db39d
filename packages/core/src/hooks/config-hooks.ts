import { Host } from './host.ts'
import type { Plugin } from './lifecycle.ts'

/** Lets the inline plugins of a config file change the merged configuration before it is checked. */
export async function callConfigHooks(
  draft: Record<string, unknown>,
  plugins: readonly Plugin[],
): Promise<void> {
  const host = new Host({ mergeIntervals: () => undefined })
  for (const plugin of plugins) host.use(plugin)
  await host.call('config', draft)
}
