import { defineEnvironment } from '@cloudbench/core'
import { options } from './options.ts'

/** Compares the kernel's network settings, applies them where asked, and watches what the network lost. */
export default defineEnvironment({
  name: 'network',
  options,
  discover: async (context) => (await import('./discover.ts')).discover(context),
  advise: async (context) => (await import('./advise.ts')).advise(context),
  apply: async (context) =>
    context.options.apply === false ? undefined : (await import('./apply.ts')).apply(context),
  verify: async (launch, context) =>
    context.options.apply === false ? {} : (await import('./verify.ts')).verify(launch, context),
  watch: async ({ options: { root } }) => (await import('./watch.ts')).watch(root),
})

export type { NetworkOptions } from './options.ts'
