import { z } from '@cloudbench/schema'
import { refusalOf } from './ask/address.ts'

const endpoint = z
  .string()
  .superRefine((written, context) => {
    const refusal = refusalOf(written)
    if (refusal !== undefined)
      context.addIssue({
        code: 'custom',
        message: `${refusal}: expected an address of this machine or its link, such as http://127.0.0.1:8080 or http://169.254.169.254`,
      })
  })
  .optional()

/** The options of the `imds` environment. */
export const options = z.strictObject({
  clouds: z
    .array(z.enum(['aws', 'azure', 'gcp', 'aliyun', 'tencent']))
    .min(1)
    .optional()
    .describe('Which to ask. Default: the one that the DMI table names, else all'),
  budgetMs: z.int().positive().max(1500).default(500).describe('Time for all questions together'),
  awsV1: z.boolean().default(false).describe('Ask AWS without a token where it gives none (IMDSv1)'),
  endpoint: z
    .strictObject({
      aws: endpoint.describe('Of AWS instead of http://169.254.169.254'),
      azure: endpoint.describe('Of Azure instead of http://169.254.169.254'),
      gcp: endpoint.describe('Of Google Cloud instead of http://169.254.169.254'),
      aliyun: endpoint.describe('Of Alibaba Cloud instead of http://100.100.100.200'),
      tencent: endpoint.describe('Of Tencent Cloud instead of http://169.254.0.23'),
    })
    .default({})
    .describe('Where to ask, on this machine or its link; without clouds, only these are asked'),
  connections: z
    .int()
    .positive()
    .optional()
    .describe('Connections, instead of twice as many as the instance has vCPUs'),
  heapMb: z
    .int()
    .positive()
    .optional()
    .describe('Heap of all workers together in MiB, instead of 60 % of the memory and at most 8 GiB'),
  root: z.string().default('/').describe('Where /proc and /sys are found'),
})

export type ImdsOptions = z.output<typeof options>
