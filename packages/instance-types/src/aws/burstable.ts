import { family } from '../family.ts'

export const t2 = family(
  'aws',
  'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html',
  '2026-11-28',
  [
    ['t2.nano', 1, 0.5, { baseline: 0.05, credits: 3, gbps: [0.032, 0.512] }],
    ['t2.micro', 1, 1, { baseline: 0.1, credits: 6, gbps: [0.064, 1.024] }],
    ['t2.small', 1, 2, { baseline: 0.2, credits: 12, gbps: [0.128, 1.024] }],
    ['t2.medium', 2, 4, { baseline: 0.2, credits: 24, gbps: [0.256, 1.024] }],
    ['t2.large', 2, 8, { baseline: 0.3, credits: 36, gbps: [0.512, 1.024] }],
    ['t2.xlarge', 4, 16, { baseline: 0.225, credits: 54, gbps: [0.75, 1.024] }],
    ['t2.2xlarge', 8, 32, { baseline: 0.17, credits: 81.6, gbps: [1, 1.024] }],
  ],
)

export const t3 = family(
  'aws',
  'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html',
  '2026-11-28',
  [
    ['t3.nano', 2, 0.5, { baseline: 0.05, credits: 6, gbps: [0.032, 5] }],
    ['t3.micro', 2, 1, { baseline: 0.1, credits: 12, gbps: [0.064, 5] }],
    ['t3.small', 2, 2, { baseline: 0.2, credits: 24, gbps: [0.128, 5] }],
    ['t3.medium', 2, 4, { baseline: 0.2, credits: 24, gbps: [0.256, 5] }],
    ['t3.large', 2, 8, { baseline: 0.3, credits: 36, gbps: [0.512, 5] }],
    ['t3.xlarge', 4, 16, { baseline: 0.4, credits: 96, gbps: [1.024, 5] }],
    ['t3.2xlarge', 8, 32, { baseline: 0.4, credits: 192, gbps: [2.048, 5] }],
  ],
)

export const t3a = family(
  'aws',
  'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html',
  '2026-11-28',
  [
    ['t3a.nano', 2, 0.5, { baseline: 0.05, credits: 6, gbps: [0.032, 5] }],
    ['t3a.micro', 2, 1, { baseline: 0.1, credits: 12, gbps: [0.064, 5] }],
    ['t3a.small', 2, 2, { baseline: 0.2, credits: 24, gbps: [0.128, 5] }],
    ['t3a.medium', 2, 4, { baseline: 0.2, credits: 24, gbps: [0.256, 5] }],
    ['t3a.large', 2, 8, { baseline: 0.3, credits: 36, gbps: [0.512, 5] }],
    ['t3a.xlarge', 4, 16, { baseline: 0.4, credits: 96, gbps: [1.024, 5] }],
    ['t3a.2xlarge', 8, 32, { baseline: 0.4, credits: 192, gbps: [2.048, 5] }],
  ],
)

export const t4g = family(
  'aws',
  'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html',
  '2026-11-28',
  [
    ['t4g.nano', 2, 0.5, { baseline: 0.05, credits: 6, gbps: [0.032, 5] }],
    ['t4g.micro', 2, 1, { baseline: 0.1, credits: 12, gbps: [0.064, 5] }],
    ['t4g.small', 2, 2, { baseline: 0.2, credits: 24, gbps: [0.128, 5] }],
    ['t4g.medium', 2, 4, { baseline: 0.2, credits: 24, gbps: [0.256, 5] }],
    ['t4g.large', 2, 8, { baseline: 0.3, credits: 36, gbps: [0.512, 5] }],
    ['t4g.xlarge', 4, 16, { baseline: 0.4, credits: 96, gbps: [1.024, 5] }],
    ['t4g.2xlarge', 8, 32, { baseline: 0.4, credits: 192, gbps: [2.048, 5] }],
  ],
)
