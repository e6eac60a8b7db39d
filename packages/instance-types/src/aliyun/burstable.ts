import { family } from '../family.ts'

export const t6 = family(
  'aliyun',
  'https://www.alibabacloud.com/help/en/ecs/user-guide/burst-performance-instance-overview',
  '2026-11-28',
  [
    ['ecs.t6-c4m1.large', 2, 0.5, { baseline: 0.05, credits: 6 }],
    ['ecs.t6-c2m1.large', 2, 1, { baseline: 0.1, credits: 12 }],
    ['ecs.t6-c1m1.large', 2, 2, { baseline: 0.2, credits: 24 }],
    ['ecs.t6-c1m2.large', 2, 4, { baseline: 0.2, credits: 24 }],
    ['ecs.t6-c1m4.large', 2, 8, { baseline: 0.3, credits: 36 }],
    ['ecs.t6-c1m4.xlarge', 4, 16, { baseline: 0.4, credits: 96 }],
    ['ecs.t6-c1m4.2xlarge', 8, 32, { baseline: 0.4, credits: 192 }],
  ],
)

export const t5 = family(
  'aliyun',
  'https://www.alibabacloud.com/help/en/ecs/user-guide/burst-performance-instance-overview',
  '2026-11-28',
  [
    ['ecs.t5-lc2m1.nano', 1, 0.5, { baseline: 0.2, credits: 12 }],
    ['ecs.t5-lc1m1.small', 1, 1, { baseline: 0.2, credits: 12 }],
    ['ecs.t5-lc1m2.small', 1, 2, { baseline: 0.2, credits: 12 }],
    ['ecs.t5-lc1m2.large', 2, 4, { baseline: 0.2, credits: 24 }],
    ['ecs.t5-lc1m4.large', 2, 8, { baseline: 0.2, credits: 24 }],
    ['ecs.t5-c1m1.large', 2, 2, { baseline: 0.25, credits: 30 }],
    ['ecs.t5-c1m2.large', 2, 4, { baseline: 0.25, credits: 30 }],
    ['ecs.t5-c1m4.large', 2, 8, { baseline: 0.25, credits: 30 }],
    ['ecs.t5-c1m1.xlarge', 4, 4, { baseline: 0.25, credits: 60 }],
    ['ecs.t5-c1m2.xlarge', 4, 8, { baseline: 0.25, credits: 60 }],
    ['ecs.t5-c1m4.xlarge', 4, 16, { baseline: 0.25, credits: 60 }],
    ['ecs.t5-c1m1.2xlarge', 8, 8, { baseline: 0.25, credits: 120 }],
    ['ecs.t5-c1m2.2xlarge', 8, 16, { baseline: 0.25, credits: 120 }],
    ['ecs.t5-c1m4.2xlarge', 8, 32, { baseline: 0.25, credits: 120 }],
    ['ecs.t5-c1m1.4xlarge', 16, 16, { baseline: 0.25, credits: 240 }],
    ['ecs.t5-c1m2.4xlarge', 16, 32, { baseline: 0.25, credits: 240 }],
  ],
)
