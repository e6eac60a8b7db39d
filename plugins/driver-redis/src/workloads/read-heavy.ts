import { defineWorkload } from '@cloudbench/core'
import { loadOptions } from '../options.ts'
import { tasks } from './tasks.ts'

export const readHeavy = defineWorkload({
  description: '90 % GET and 10 % SET over preloaded keys',
  options: loadOptions(0.9),
  ...tasks,
})
