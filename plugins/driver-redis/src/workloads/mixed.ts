import { defineWorkload } from '@cloudbench/core'
import { loadOptions } from '../options.ts'
import { tasks } from './tasks.ts'

export const mixed = defineWorkload({
  description: 'half GET, half SET over preloaded keys',
  options: loadOptions(0.5),
  ...tasks,
})
