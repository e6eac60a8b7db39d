import { defineWorkload } from '@cloudbench/core'
import { loadOptions } from '../options.ts'
import { tasks } from './tasks.ts'

export const writeHeavy = defineWorkload({
  description: '10 % GET and 90 % SET over preloaded keys',
  options: loadOptions(0.1),
  ...tasks,
})
