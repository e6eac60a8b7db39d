import { z } from '@cloudbench/schema'
import { isCongestionControl, settableKeys } from './settings.ts'

/** The options of the `network` environment. */
export const options = z.strictObject({
  apply: z
    .union([z.boolean(), z.array(z.enum(settableKeys))])
    .default(false)
    .describe('Whether runs change kernel settings that fall short: all of them, or those that are listed'),
  congestionControl: z
    .string()
    .refine(isCongestionControl, 'expected the name of an algorithm, such as bbr')
    .optional()
    .describe('The algorithm that net.ipv4.tcp_congestion_control should name; absent: any'),
  root: z.string().default('/').describe('Where /proc and /sys are found'),
})

export type NetworkOptions = z.output<typeof options>
