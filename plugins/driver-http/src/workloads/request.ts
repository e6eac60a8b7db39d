import { defineWorkload, type Workload } from '@cloudbench/core'
import { openClient } from '../client.ts'
import { requestOptions, type HttpOptions } from '../options.ts'

export const request: Workload<HttpOptions> = defineWorkload({
  description: 'Any request: method, path, headers and body',
  options: requestOptions,
  connect: openClient,
})
