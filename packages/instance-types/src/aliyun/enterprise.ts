import { family } from '../family.ts'

export const g8i = family(
  'aliyun',
  'https://www.alibabacloud.com/help/en/ecs/user-guide/overview-of-instance-families',
  '2026-11-28',
  [
    ['ecs.g8i.large', 2, 8, { gbps: [2.5, 15] }],
    ['ecs.g8i.xlarge', 4, 16, { gbps: [4, 15] }],
    ['ecs.g8i.2xlarge', 8, 32, { gbps: [6, 15] }],
    ['ecs.g8i.3xlarge', 12, 48, { gbps: [10, 15] }],
    ['ecs.g8i.4xlarge', 16, 64, { gbps: [12, 25] }],
    ['ecs.g8i.6xlarge', 24, 96, { gbps: [15, 25] }],
    ['ecs.g8i.8xlarge', 32, 128, { gbps: [20, 25] }],
    ['ecs.g8i.12xlarge', 48, 192, { gbps: 25 }],
    ['ecs.g8i.16xlarge', 64, 256, { gbps: 32 }],
    ['ecs.g8i.24xlarge', 96, 384, { gbps: 50 }],
    ['ecs.g8i.48xlarge', 192, 1024, { gbps: 100 }],
  ],
)

export const g7 = family(
  'aliyun',
  'https://www.alibabacloud.com/help/en/ecs/user-guide/overview-of-instance-families',
  '2026-11-28',
  [
    ['ecs.g7.large', 2, 8, { gbps: [2, 12.5] }],
    ['ecs.g7.xlarge', 4, 16, { gbps: [3, 12.5] }],
    ['ecs.g7.2xlarge', 8, 32, { gbps: [5, 15] }],
    ['ecs.g7.3xlarge', 12, 48, { gbps: [8, 15] }],
    ['ecs.g7.4xlarge', 16, 64, { gbps: [10, 25] }],
    ['ecs.g7.6xlarge', 24, 96, { gbps: [12, 25] }],
    ['ecs.g7.8xlarge', 32, 128, { gbps: [16, 32] }],
    ['ecs.g7.16xlarge', 64, 256, { gbps: 32 }],
    ['ecs.g7.32xlarge', 128, 512, { gbps: 64 }],
  ],
)

export const c7 = family(
  'aliyun',
  'https://www.alibabacloud.com/help/en/ecs/user-guide/overview-of-instance-families',
  '2026-11-28',
  [
    ['ecs.c7.large', 2, 4],
    ['ecs.c7.xlarge', 4, 8],
    ['ecs.c7.2xlarge', 8, 16],
    ['ecs.c7.3xlarge', 12, 24],
    ['ecs.c7.4xlarge', 16, 32],
    ['ecs.c7.6xlarge', 24, 48],
    ['ecs.c7.8xlarge', 32, 64],
    ['ecs.c7.16xlarge', 64, 128],
    ['ecs.c7.32xlarge', 128, 256],
  ],
)

export const r7 = family(
  'aliyun',
  'https://www.alibabacloud.com/help/en/ecs/user-guide/overview-of-instance-families',
  '2026-11-28',
  [
    ['ecs.r7.large', 2, 16],
    ['ecs.r7.xlarge', 4, 32],
    ['ecs.r7.2xlarge', 8, 64],
    ['ecs.r7.3xlarge', 12, 96],
    ['ecs.r7.4xlarge', 16, 128],
    ['ecs.r7.6xlarge', 24, 192],
    ['ecs.r7.8xlarge', 32, 256],
    ['ecs.r7.16xlarge', 64, 512],
    ['ecs.r7.32xlarge', 128, 1024],
  ],
)

export const i3 = family(
  'aliyun',
  'https://www.alibabacloud.com/help/en/ecs/user-guide/overview-of-instance-families',
  '2026-11-28',
  [
    ['ecs.i3.xlarge', 4, 32, { gbps: [1.5, 10] }],
    ['ecs.i3.2xlarge', 8, 64, { gbps: [2.5, 10] }],
    ['ecs.i3.4xlarge', 16, 128, { gbps: [5, 10] }],
    ['ecs.i3.8xlarge', 32, 256, { gbps: 10 }],
    ['ecs.i3.13xlarge', 52, 384, { gbps: 16 }],
    ['ecs.i3.26xlarge', 104, 768, { gbps: 32 }],
  ],
)

export const c6 = family(
  'aliyun',
  'https://www.alibabacloud.com/help/en/ecs/user-guide/overview-of-instance-families',
  '2026-11-28',
  [
    ['ecs.c6.large', 2, 4],
    ['ecs.c6.xlarge', 4, 8],
    ['ecs.c6.2xlarge', 8, 16],
    ['ecs.c6.3xlarge', 12, 24],
    ['ecs.c6.4xlarge', 16, 32],
    ['ecs.c6.6xlarge', 24, 48],
    ['ecs.c6.8xlarge', 32, 64],
    ['ecs.c6.13xlarge', 52, 96],
    ['ecs.c6.26xlarge', 104, 192],
  ],
)

export const g6 = family(
  'aliyun',
  'https://www.alibabacloud.com/help/en/ecs/user-guide/overview-of-instance-families',
  '2026-11-28',
  [
    ['ecs.g6.large', 2, 8],
    ['ecs.g6.xlarge', 4, 16],
    ['ecs.g6.2xlarge', 8, 32],
    ['ecs.g6.3xlarge', 12, 48],
    ['ecs.g6.4xlarge', 16, 64],
    ['ecs.g6.6xlarge', 24, 96],
    ['ecs.g6.8xlarge', 32, 128],
    ['ecs.g6.13xlarge', 52, 192],
    ['ecs.g6.26xlarge', 104, 384],
  ],
)

export const r6 = family(
  'aliyun',
  'https://www.alibabacloud.com/help/en/ecs/user-guide/overview-of-instance-families',
  '2026-11-28',
  [
    ['ecs.r6.large', 2, 16],
    ['ecs.r6.xlarge', 4, 32],
    ['ecs.r6.2xlarge', 8, 64],
    ['ecs.r6.3xlarge', 12, 96],
    ['ecs.r6.4xlarge', 16, 128],
    ['ecs.r6.6xlarge', 24, 192],
    ['ecs.r6.8xlarge', 32, 256],
    ['ecs.r6.13xlarge', 52, 384],
    ['ecs.r6.26xlarge', 104, 768],
  ],
)
