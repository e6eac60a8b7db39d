import { defineWorkload, type Workload } from '@cloudbench/core'
import { openClient } from '../client.ts'
import { jsonApiOptions, type HttpOptions } from '../options.ts'

export const jsonApi: Workload<HttpOptions> = defineWorkload({
  description: 'POST a JSON body with a random UUID to /v1/data',
  options: jsonApiOptions,
  connect: openClient,
})
